package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every event wakes whoever has to deliver it. The next event is published the moment the one before arrives, which is when lane,
 * guild and subscriber are about to go idle; a wake-up that is lost leaves the round waiting.
 */
@Timeout(120)
class WakeUpTest {
    private static final int ROUNDS = 50_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    enum Way {
        PUBLISH_INLINE,
        PUBLISH_OWN_RING,
        SEND
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void noWakeUpIsLost(Way way) {
        AtomicInteger received = new AtomicInteger();
        try (Engine engine = Engine.builder().lanes(1).open()) {
            Guild guild = engine.guild("g");
            SessionOptions options =
                    way == Way.PUBLISH_INLINE ? SessionOptions.DEFAULT.withInline() : SessionOptions.DEFAULT;
            Session session = engine.openSession("s", options, event -> received.incrementAndGet());
            session.subscribe(guild);
            Event event = Event.of("E", "x");
            for (int round = 1; round <= ROUNDS; round++) {
                Outcome outcome = way == Way.SEND ? session.send(event) : guild.tryPublish(event);
                assertThat(outcome.isAccepted()).isTrue();
                await(received, round);
            }
        }
    }

    private static void await(AtomicInteger received, int round) {
        long start = System.nanoTime();
        while (received.get() < round) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("event " + round + " of " + ROUNDS + " was not delivered");
            }
            Thread.onSpinWait();
        }
    }
}
