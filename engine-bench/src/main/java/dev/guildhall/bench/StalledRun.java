package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One run of {@link StalledCommand}. Before the clock starts as many events are published as fill the backlog of a client that
 * reads nothing. Some of the healthy clients are probes, read without a pause by one thread, which notes the time from publishing
 * to reading; the others are read now and then. In the first and in the last ten seconds the heap is collected and
 * measured, so latencies count between these.
 */
final class StalledRun {
    static final String HEAP_GROWTH = "stalled.run.heap-growth-percent";
    static final String P99 = "stalled.run.p99-micros";

    private static final int EVENT_BYTES = 128;
    private static final int PROBES = 200;
    private static final int FILLING = SessionOptions.DEFAULT_MAX_BACKLOG_EVENTS * 9 / 8;
    private static final int FILLING_BURST = 200;
    private static final long EDGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int OTHERS_AT_ONCE = 100;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long OTHERS_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int stalledCount;
    private final int healthyCount;
    private final long intervalNanos;
    private final long lengthNanos;
    private final OverflowPolicy policy;
    private final InMemoryTransport transport = InMemoryTransport.create();
    private final List<InMemoryClient> stalled = new ArrayList<>();
    private final List<InMemoryClient> probes = new ArrayList<>();
    private final List<InMemoryClient> others = new ArrayList<>();
    private final Histogram latencies = new Histogram(3);
    private volatile boolean filled;
    private volatile boolean counting;
    private volatile boolean over;

    StalledRun(int stalledCount, int healthyCount, int rate, Duration length, OverflowPolicy policy) {
        this.stalledCount = stalledCount;
        this.healthyCount = healthyCount;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        this.lengthNanos = length.toNanos();
        this.policy = policy;
    }

    void measure() throws InterruptedException {
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("bench");
            connect(guild);
            Thread probing = Thread.ofPlatform().start(this::readProbes);
            Thread reading = Thread.ofPlatform().start(this::readOthers);
            fill(guild);
            filled = true;
            Thread publishing = Thread.ofPlatform().start(() -> publish(guild));
            long began = System.nanoTime();
            sleepUntil(began + EDGE_NANOS / 4);
            long first = ChildJvm.usedHeap();
            sleepUntil(began + EDGE_NANOS);
            counting = true;
            sleepUntil(began + lengthNanos - EDGE_NANOS);
            counting = false;
            sleepUntil(began + lengthNanos - EDGE_NANOS / 2);
            long last = ChildJvm.usedHeap();
            publishing.join();
            over = true;
            probing.join();
            reading.join();
            report(engine, first, last);
        }
    }

    /** Stalled and healthy clients side by side, on all lanes alike. */
    private void connect(Guild guild) {
        int lanes = Math.max(1, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < Math.max(stalledCount, healthyCount); i += lanes) {
            for (int k = i; k < i + lanes && k < stalledCount; k++) {
                stalled.add(connectStalled(guild));
            }
            for (int k = i; k < i + lanes && k < healthyCount; k++) {
                boolean isProbe = k % Math.max(1, healthyCount / PROBES) == 0;
                (isProbe ? probes : others).add(connect(guild, SessionOptions.DEFAULT));
            }
        }
    }

    private InMemoryClient connectStalled(Guild guild) {
        InMemoryClient client =
                connect(guild, SessionOptions.builder().overflow(policy).build());
        client.stall();
        return client;
    }

    private InMemoryClient connect(Guild guild, SessionOptions options) {
        InMemoryClient client = transport.connect("client", options);
        client.session().subscribe(guild);
        return client;
    }

    private void readProbes() {
        while (!over) {
            for (InMemoryClient client : probes) {
                for (Received next = client.poll(); next != null; next = client.poll()) {
                    if (counting) {
                        latencies.recordValue(
                                System.nanoTime() - next.event().payload().getLong());
                    }
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** A few at a time, so that the lanes are never without a processor for long. */
    private void readOthers() {
        while (!over) {
            for (int i = 0; i < others.size() && !over; i++) {
                InMemoryClient client = others.get(i);
                while (client.poll() != null) {}
                if (i % OTHERS_AT_ONCE == 0) {
                    LockSupport.parkNanos(filled ? OTHERS_PAUSE_NANOS : PAUSE_NANOS);
                }
            }
        }
    }

    private void fill(Guild guild) {
        for (int i = 0; i < FILLING; i++) {
            guild.publish(event());
            if (i % FILLING_BURST == FILLING_BURST - 1) {
                awaitRead(probes, i + 1);
                awaitRead(others, i + 1);
            }
        }
    }

    private static void awaitRead(List<InMemoryClient> clients, int events) {
        for (InMemoryClient client : clients) {
            while (client.lastSeq() < events) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void publish(Guild guild) {
        long began = System.nanoTime();
        for (long due = began; due - began < lengthNanos; due += intervalNanos) {
            sleepUntil(due);
            guild.publish(event());
        }
    }

    private static Event event() {
        return Event.of(
                "BENCH",
                ByteBuffer.allocate(EVENT_BYTES).putLong(System.nanoTime()).array());
    }

    private static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void report(Engine engine, long first, long last) {
        long open = stalled.stream().filter(client -> client.session().isOpen()).count();
        System.out.printf(
                Locale.ROOT,
                "%,d stalled (%,d still there) and %,d healthy clients: heap %.1f MB, later %.1f MB; %,d latencies,"
                        + " p50 %.0f us, p99 %.0f us; %s%n",
                stalledCount,
                open,
                healthyCount,
                first / 1e6,
                last / 1e6,
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                engine.stats());
        Figures.print(HEAP_GROWTH, 100.0 * (last - first) / first);
        Figures.print(P99, latencies.getValueAtPercentile(99) / 1e3);
    }
}
