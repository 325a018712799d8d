package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sessions of clients, attached and resumable, with one subscription each. They share a connection, because what a connection costs is the
 * transport's. Their clients have acknowledged what they received, or take nothing and have a backlog; the events are shared.
 */
final class ClientHoard implements Hoard {
    private static final int EVENTS = 10;
    private static final int AT_ONCE = 1_024;

    private final int unread;
    private final boolean listens;
    private final ManualLane lane = new ManualLane();
    private final Connection connection = lane.connect(new Recipient());
    private final LongAdder calls = new LongAdder();
    private final Engine engine;
    private final Guild guild;
    private final Attachment[] opened;

    /**
     * Opens the engine and one session.
     *
     * @param unread events in the backlog of each; 0 for clients that take and acknowledge everything
     * @param listens whether there is a {@link SessionListener}
     */
    ClientHoard(int count, int unread, boolean listens) {
        this.unread = unread;
        this.listens = listens;
        opened = new Attachment[count + 1];
        EngineBuilder builder = Engine.builder().transport(lane).maxRetainedBytes(Long.MAX_VALUE);
        if (listens) {
            builder.sessionListener(new SessionListener() {
                @Override
                public void onOpened(Session session) {
                    calls.increment();
                }
            });
        }
        engine = builder.open();
        guild = engine.guild("memory");
        open(0, 1);
        receive(1);
    }

    private void open(int from, int to) {
        for (int i = from; i < to; i++) {
            opened[i] = lane.open(connection);
            opened[i].session().subscribe(guild);
            if (i % AT_ONCE == 0) {
                lane.run(); // each subscription takes a place in the guild's log
            }
        }
        lane.run();
        Patience.await("the listener's calls", () -> !listens || calls.sum() == to);
    }

    private void receive(int sessions) {
        long before = engine.stats().written();
        publish(EVENTS);
        if (engine.stats().written() != before + (long) sessions * EVENTS) {
            throw new IllegalStateException("not every session was written " + EVENTS + " events: " + engine.stats());
        }
        for (int i = 0; i < sessions; i++) {
            opened[i].acknowledged(i == 0 ? 2 * EVENTS : EVENTS);
        }
        lane.run();
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            guild.publish(Event.of("MEMORY", "x"));
        }
        lane.run();
    }

    @Override
    public void fill() {
        open(1, opened.length);
        receive(opened.length);
        if (unread > 0) {
            lane.stall();
            publish(unread);
        }
    }

    @Override
    public void close() {
        lane.close(engine);
    }
}
