package dev.guildhall.bench.rivals;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.Arrays;

/**
 * The engine as a gateway uses it: a guild per topic and a session per recipient, which has a connection, numbers what it is
 * written, keeps its last 960 events for a resume and has its interest mask looked at for each delivery.
 */
final class GuildhallFanOut implements FanOut {
    static final long NEED = 0b0100;
    static final long MASK = 0b0111;

    private final DirectTransport transport = new DirectTransport();
    private final Engine engine = Engine.builder().transport(transport).open();
    private final Guild[] guilds;
    private final Turns<Event> events;

    GuildhallFanOut(Recipient[][] topics, byte[]... payloads) {
        events = new Turns<>(Arrays.stream(payloads).map(GuildhallFanOut::event).toList());
        guilds = new Guild[topics.length];
        for (int topic = 0; topic < topics.length; topic++) {
            guilds[topic] = engine.guild("bench-" + topic);
            subscribe(guilds[topic], topics[topic]);
        }
    }

    /**
     * Recipients of one lane lie together in memory, as the state of a lane's sessions would in an application that allocates it
     * where it is used; sessions are opened on the lanes in turn.
     */
    private void subscribe(Guild guild, Recipient[] recipients) {
        int lanes = transport.lanes();
        int next = 0;
        Recipient[] inTurn = new Recipient[recipients.length];
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = lane; i < recipients.length; i += lanes) {
                inTurn[i] = recipients[next++];
            }
        }
        for (int i = 0; i < inTurn.length; i++) {
            Outcome outcome = transport
                    .open(i, "bench", SessionOptions.DEFAULT, new DirectTransport.Link(inTurn[i]))
                    .session()
                    .subscribe(guild, MASK)
                    .outcome();
            if (outcome != Outcome.ORDERED) {
                throw new IllegalStateException("subscribing was " + outcome);
            }
        }
    }

    /** The first topic's guild, in which any thread may publish. */
    Guild guild() {
        return guilds[0];
    }

    static Event event(byte[] payload) {
        return Event.of("BENCH", payload).needing(NEED);
    }

    @Override
    public void publish() {
        Event event = events.next();
        for (Guild guild : guilds) {
            guild.publish(event);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
