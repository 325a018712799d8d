package dev.guildhall.examples.chat.community;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.transport.netty.GatewaySession;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A session of somebody who is connected now, and what it wants to see.
 *
 * @param session the engine's session
 * @param userId whose
 * @param intents mask of its subscriptions
 */
public record LiveSession(Session session, long userId, long intents) {
    private static final long RETRY_NANOS = Duration.ofMillis(5).toNanos();
    private static final int RETRIES = 1_000;

    /** The session of a gateway's client. The same client makes an equal record each time. */
    public static LiveSession of(GatewaySession client) {
        return new LiveSession(
                client.session(),
                Long.parseLong(client.user()),
                client.identify().intents());
    }

    /**
     * Sends and waits, for some seconds at most, while the session's inbox is full. A client that takes nothing for so long
     * loses its session: it is better off connecting anew than missing something without knowing.
     *
     * @return whether the event is on its way
     */
    public boolean send(Event event) {
        return retry(() -> session.send(event));
    }

    /**
     * Sends, or ends the session if its inbox is full. Does not block, so it may be used inside a guild's order.
     */
    void sendOrClose(Event event) {
        if (session.send(event) == Outcome.BACK_PRESSURED) {
            giveUp();
        }
    }

    boolean retry(Supplier<Outcome> attempt) {
        for (int i = 0; i < RETRIES; i++) {
            Outcome outcome = attempt.get();
            if (outcome != Outcome.BACK_PRESSURED) {
                return outcome.isAccepted();
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        giveUp();
        return false;
    }

    private void giveUp() {
        session.close(new CloseReason(CloseReason.Kind.SLOW_CONSUMER, "the client does not read what it is sent"));
    }
}
