package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;

/** The engine: one guild, one session per recipient, interest masks evaluated for each delivery. */
final class GuildFanOut implements FanOut {
    private static final long NEED = 0b0100;
    private static final long MASK = 0b0111;

    private final Engine engine = Engine.open();
    private final Guild guild = engine.guild("bench");

    private final Event event;

    private GuildFanOut(Recipient[] recipients, byte[] payload, SessionOptions options) {
        event = Event.of("BENCH", payload).needing(NEED);
        // Recipients of one lane lie together in memory, as the state of a lane's sessions would in an application that
        // allocates it where it is used; sessions go to the lanes in turn.
        int lanes = engine.lanes().size();
        Recipient[] byLane = new Recipient[recipients.length];
        int next = 0;
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = lane; i < recipients.length; i += lanes) {
                byLane[i] = recipients[next++];
            }
        }
        for (Recipient recipient : byLane) {
            engine.openSession("bench", options, received -> recipient.receive(received.payloadLength()))
                    .subscribe(guild, MASK);
        }
    }

    static FanOut inline(Recipient[] recipients, byte[] payload) {
        return new GuildFanOut(recipients, payload, SessionOptions.DEFAULT.withInline());
    }

    static FanOut ownRing(Recipient[] recipients, byte[] payload) {
        return new GuildFanOut(recipients, payload, SessionOptions.DEFAULT);
    }

    @Override
    public void publish() {
        guild.publish(event);
    }

    @Override
    public void close() {
        engine.close();
    }
}
