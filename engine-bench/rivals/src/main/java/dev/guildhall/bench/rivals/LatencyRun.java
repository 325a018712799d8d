package dev.guildhall.bench.rivals;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.bench.Figures;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long does it take until the last of 10,000 sessions has an event, at 100 events a second? An open loop: event {@code n} is due
 * {@code n} intervals after the first, and its latency counts from then, however late its publisher or the one before it was.
 *
 * <p>The publisher sleeps, and spins for the last {@value #SPIN_MICROS} microseconds, in which the lanes have nothing to do: what
 * waking a sleeping thread takes is not the engine's.
 */
final class LatencyRun {
    private static final int SESSIONS = 10_000;
    private static final int EVENT_BYTES = 128;
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SPIN_MICROS = 300;
    private static final int WARM_UP_EVENTS = 500;
    private static final int PHASE_EVENTS = 400;
    private static final int PHASES = 5;
    private static final double MOST_P50_MICROS = 300;
    private static final double MOST_P99_MICROS = 1_500;
    private static final int BURST_EVENTS = 3_000;

    private final ConcurrentHistogram[] phases = new ConcurrentHistogram[PHASES];
    private volatile long began;
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long lastArrived = -1;

    /** Measures and prints. */
    void measure() {
        Arrays.setAll(phases, phase -> new ConcurrentHistogram(3));
        DirectTransport transport = new DirectTransport();
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("bench");
            Arrivals arrivals = new Arrivals(transport.lanes(), this::arrived);
            arrivals.open(SESSIONS, transport, guild);
            publish(guild);
        }
        Figures.printGated("latency.10000.p50-micros", micros(50), MOST_P50_MICROS);
        Figures.printGated("latency.10000.p99-micros", micros(99), MOST_P99_MICROS);
    }

    private void publish(Guild guild) {
        Event event = GuildhallFanOut.event(new byte[EVENT_BYTES]);
        for (int i = 0; i < BURST_EVENTS; i++) { // compiles the lanes' code and fills the rings
            guild.publish(event);
        }
        await(BURST_EVENTS);
        long first = System.nanoTime() + INTERVAL_NANOS;
        began = first - BURST_EVENTS * INTERVAL_NANOS;
        measuredFrom = BURST_EVENTS + WARM_UP_EVENTS;
        for (int i = 0; i < WARM_UP_EVENTS + PHASES * PHASE_EVENTS; i++) {
            waitUntil(first + i * INTERVAL_NANOS);
            guild.publish(event);
        }
        await(BURST_EVENTS + WARM_UP_EVENTS + PHASES * PHASE_EVENTS);
    }

    private void arrived(long number, long nanoTime) {
        if (number >= measuredFrom) {
            phases[(int) (number - measuredFrom) / PHASE_EVENTS].recordValue(
                    nanoTime - (began + number * INTERVAL_NANOS));
        }
        lastArrived = number;
    }

    private void await(long events) {
        while (lastArrived < events - 1) {
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            if (left > TimeUnit.MICROSECONDS.toNanos(SPIN_MICROS)) {
                LockSupport.parkNanos(left - TimeUnit.MICROSECONDS.toNanos(SPIN_MICROS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** In each phase. */
    private double[] micros(double percentile) {
        return Arrays.stream(phases)
                .mapToDouble(phase -> phase.getValueAtPercentile(percentile) / 1e3)
                .toArray();
    }
}
