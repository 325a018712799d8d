package dev.guildhall.bench.rivals;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.bench.Figures;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** How long does one event take from its publish until all of 1,000,000 sessions of one guild were written it? One at a time. */
final class MillionRun {
    private static final int SESSIONS = 1_000_000;
    private static final int EVENT_BYTES = 128;
    private static final int WARM_UP_EVENTS = 30;
    private static final double MOST_MILLIS = 30;
    private static final int EVENTS = 31;

    private final BlockingQueue<Long> arrived = new ArrayBlockingQueue<>(1);

    /** Measures and prints. */
    void measure() throws InterruptedException {
        DirectTransport transport = new DirectTransport();
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("bench");
            Arrivals arrivals = new Arrivals(transport.lanes(), (number, nanoTime) -> arrived.add(nanoTime));
            arrivals.open(SESSIONS, transport, guild);
            Event event = GuildhallFanOut.event(new byte[EVENT_BYTES]);
            for (int i = 0; i < WARM_UP_EVENTS; i++) {
                millisOf(guild, event);
            }
            double[] millis = new double[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                millis[i] = millisOf(guild, event);
            }
            Figures.printGated("million.fanout-millis", millis, MOST_MILLIS);
        }
    }

    private double millisOf(Guild guild, Event event) throws InterruptedException {
        long published = System.nanoTime();
        guild.publish(event);
        return (arrived.take() - published) / 1e6;
    }
}
