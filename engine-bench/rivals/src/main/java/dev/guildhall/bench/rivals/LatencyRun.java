package dev.guildhall.bench.rivals;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.bench.Figures;

/** How long does it take until the last of 10,000 sessions of the engine has an event, at 100 events a second? */
final class LatencyRun {
    private static final int SESSIONS = 10_000;
    private static final int EVENT_BYTES = 128;
    private static final double MOST_P50_MICROS = 300;
    private static final double MOST_P99_MICROS = 1_500;
    private static final int BURST_EVENTS = 3_000;
    private static final int EVENTS = 2_000;

    /** Measures and prints. */
    void measure() {
        PacedRun run = new PacedRun(BURST_EVENTS, EVENTS);
        DirectTransport transport = new DirectTransport();
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("bench");
            new Arrivals(transport.lanes(), run).open(SESSIONS, transport, guild);
            Event event = GuildhallFanOut.event(new byte[EVENT_BYTES]);
            run.run(() -> guild.publish(event));
        }
        Figures.printGated("latency.10000.p50-micros", run.micros(50), MOST_P50_MICROS);
        Figures.printGated("latency.10000.p99-micros", run.micros(99), MOST_P99_MICROS);
    }
}
