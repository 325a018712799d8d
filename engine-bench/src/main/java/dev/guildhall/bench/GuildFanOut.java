package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;

/** The engine: one guild, one session per recipient, interest masks evaluated for each delivery. */
final class GuildFanOut implements FanOut {
    private static final long NEED = 0b0100;
    private static final long MASK = 0b0111;

    /** A subscriber's backlog holds all that an invocation publishes before it waits, or few subscribers would be too slow. */
    private static final SessionOptions OWN_RING = SessionOptions.builder()
            .maxBacklogEvents(1 << 18)
            .maxBacklogBytes(1 << 28)
            .build();

    private final Engine engine;
    private final Guild guild;
    private final Event event;

    private GuildFanOut(Engine engine, Recipient[] recipients, byte[] payload, Opening opening) {
        this.engine = engine;
        guild = engine.guild("bench");
        event = event(payload);
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
        for (int i = 0; i < byLane.length; i++) {
            opening.open(i, byLane[i]).subscribe(guild, MASK);
        }
    }

    /** Opens the session of a recipient. */
    private interface Opening {
        Session open(int number, Recipient recipient);
    }

    static FanOut inline(Recipient[] recipients, byte[] payload) {
        return ofSubscribers(recipients, payload, SessionOptions.DEFAULT.withInline());
    }

    static FanOut ownRing(Recipient[] recipients, byte[] payload) {
        return ofSubscribers(recipients, payload, OWN_RING);
    }

    private static FanOut ofSubscribers(Recipient[] recipients, byte[] payload, SessionOptions options) {
        Engine engine = Engine.open();
        return new GuildFanOut(engine, recipients, payload, (number, recipient) -> open(engine, options, recipient));
    }

    /** Clients' sessions that can be resumed: each numbers what it is written and keeps it in its ring. */
    static FanOut ring(Recipient[] recipients, byte[] payload) {
        DirectTransport transport = new DirectTransport();
        Engine engine = Engine.builder().transport(transport).open();
        return new GuildFanOut(
                engine,
                recipients,
                payload,
                (number, recipient) -> transport
                        .open(number, "bench", SessionOptions.DEFAULT, new DirectTransport.Link(recipient))
                        .session());
    }

    /** A guild of an engine with others; it stays open when this is closed. */
    static FanOut inline(Engine engine, String id, Recipient[] recipients, byte[] payload) {
        Guild guild = engine.guild(id);
        Event event = event(payload);
        for (Recipient recipient : recipients) {
            open(engine, SessionOptions.DEFAULT.withInline(), recipient).subscribe(guild, MASK);
        }
        return new FanOut() {
            @Override
            public void publish() {
                guild.publish(event);
            }

            @Override
            public void close() {}
        };
    }

    private static Event event(byte[] payload) {
        return Event.of("BENCH", payload).needing(NEED);
    }

    private static Session open(Engine engine, SessionOptions options, Recipient recipient) {
        return engine.openSession("bench", options, received -> recipient.receive(received.payloadLength()));
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
