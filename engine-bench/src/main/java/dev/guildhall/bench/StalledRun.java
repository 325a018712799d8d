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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One run of {@link StalledCommand}. Before the clock starts as many events are published as fill the backlog of a client that
 * reads nothing. Then events are published on a schedule, each with the time it was due in it.
 *
 * <p><b>Latency</b> is the time from when the event was due until a client has read it, so what holds up the publisher counts for
 * all events that come late by it. Some of the healthy clients, evenly spread over the order of the walk, are probes: each has a
 * platform thread that blocks in {@link InMemoryClient#take}; they are few, because a lane delivers nothing while it wakes them.
 * The others are read now and then.
 *
 * <p><b>The floor</b> is what the measuring takes without an engine: the publisher hands each due time to one more thread through
 * a queue like that of a client, before it publishes. It holds the timer's lateness and the waking of a reader on a busy machine,
 * and is in the latency of both runs of a pair. It can be most of the p99 where a machine is late for all threads now and then;
 * the p90 is printed too for that reason.
 *
 * <p><b>The heap</b> is collected and measured in the first and in the last ten seconds, or thirds of a shorter run. Latencies count for events that were due
 * between these.
 */
final class StalledRun {
    static final String HEAP_GROWTH = "stalled.run.heap-growth-percent";
    static final String P90 = "stalled.run.p90-micros";
    static final String P99 = "stalled.run.p99-micros";
    static final String FLOOR_P99 = "stalled.run.floor.p99-micros";

    private static final int EVENT_BYTES = 128;
    private static final int PROBES = 8;
    private static final int FILLING = SessionOptions.DEFAULT_MAX_BACKLOG_EVENTS * 9 / 8;
    private static final int FILLING_BURST = 200;
    private static final long LONGEST_EDGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration TAKE_LIMIT = Duration.ofMillis(100);
    private static final int OTHERS_AT_ONCE = 100;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long OTHERS_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int stalledCount;
    private final int healthyCount;
    private final long intervalNanos;
    private final long lengthNanos;
    private final long edgeNanos;
    private final SessionOptions stalledOptions;
    private final InMemoryTransport transport = InMemoryTransport.create();
    private final List<InMemoryClient> stalled = new ArrayList<>();
    private final List<InMemoryClient> probes = new ArrayList<>();
    private final List<InMemoryClient> others = new ArrayList<>();
    private final LinkedBlockingQueue<Long> dueTimes = new LinkedBlockingQueue<>();
    private final Histogram latencies = new Histogram(3);
    private final Histogram floor = new Histogram(3);
    private long countFrom;
    private volatile boolean filled; // written after countFrom
    private volatile boolean over;

    /** A run; clients that read nothing and whose policy lets them be resumed may be so for half of its length. */
    StalledRun(int stalledCount, int healthyCount, int rate, Duration length, OverflowPolicy policy) {
        this.stalledCount = stalledCount;
        this.healthyCount = healthyCount;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        this.lengthNanos = length.toNanos();
        this.edgeNanos = Math.min(LONGEST_EDGE_NANOS, lengthNanos / 3);
        this.stalledOptions = SessionOptions.builder()
                .overflow(policy)
                .resumeWindow(length.dividedBy(2))
                .build();
    }

    void measure() throws InterruptedException {
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("bench");
            connect(guild);
            List<Thread> readers = new ArrayList<>();
            probes.forEach(client -> readers.add(start(() -> readProbe(client))));
            readers.add(start(this::readOthers));
            readers.add(start(this::readDueTimes));
            fill(guild);
            System.out.println(stalledState("before the clock starts"));
            long began = System.nanoTime();
            countFrom = began + edgeNanos;
            filled = true;
            Thread publishing = start(() -> publish(guild, began));
            sleepUntil(began + edgeNanos / 4);
            long first = ChildJvm.usedHeap();
            sleepUntil(began + lengthNanos - edgeNanos / 2);
            long last = ChildJvm.usedHeap();
            publishing.join();
            over = true;
            for (Thread reader : readers) {
                reader.join();
            }
            report(engine, first, last);
        }
    }

    /** Stalled and healthy clients side by side, on all lanes alike. */
    private void connect(Guild guild) {
        int lanes = Math.max(1, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < Math.max(stalledCount, healthyCount); i += lanes) {
            for (int k = i; k < i + lanes && k < stalledCount; k++) {
                InMemoryClient client = connect(guild, stalledOptions);
                client.stall();
                stalled.add(client);
            }
            for (int k = i; k < i + lanes && k < healthyCount; k++) {
                boolean isProbe = k * (long) PROBES / healthyCount != (k + 1) * (long) PROBES / healthyCount;
                (isProbe ? probes : others).add(connect(guild, SessionOptions.DEFAULT));
            }
        }
    }

    private InMemoryClient connect(Guild guild, SessionOptions options) {
        InMemoryClient client = transport.connect("client", options);
        client.session().subscribe(guild);
        return client;
    }

    // --- reading

    /** What a thread does until the run is over. */
    private interface Reading {
        void run() throws InterruptedException;
    }

    private static Thread start(Reading reading) {
        return Thread.ofPlatform().start(() -> {
            try {
                reading.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        });
    }

    private void readProbe(InMemoryClient client) throws InterruptedException {
        Histogram mine = new Histogram(3);
        while (!over) {
            Received next = client.take(TAKE_LIMIT);
            if (next != null) {
                count(next.event().payload().getLong(), mine);
            }
        }
        synchronized (latencies) {
            latencies.add(mine);
        }
    }

    private void readDueTimes() throws InterruptedException {
        while (!over) {
            Long due = dueTimes.poll(TAKE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (due != null) {
                count(due, floor);
            }
        }
    }

    private void count(long due, Histogram into) {
        long late = System.nanoTime() - due;
        if (filled && due - countFrom >= 0 && due - countFrom < lengthNanos - 2 * edgeNanos) {
            into.recordValue(late);
        }
    }

    /** A few at a time, so that the lanes are never without a processor for long. */
    private void readOthers() {
        for (int i = 0; !over; i++) {
            if (i % OTHERS_AT_ONCE == 0) {
                LockSupport.parkNanos(filled ? OTHERS_PAUSE_NANOS : PAUSE_NANOS);
            }
            if (i < others.size()) {
                InMemoryClient client = others.get(i);
                while (client.poll() != null) {}
            } else {
                i = -1;
            }
        }
    }

    // --- publishing

    private void fill(Guild guild) {
        for (int i = 0; i < FILLING; i++) {
            guild.publish(event(System.nanoTime()));
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

    /** An event that could not be published when it was due follows at once, and is late by its due time. */
    private void publish(Guild guild, long began) {
        for (long due = began; due - began < lengthNanos; due += intervalNanos) {
            sleepUntil(due);
            dueTimes.add(due);
            guild.publish(event(due));
        }
    }

    private static Event event(long due) {
        return Event.of("BENCH", ByteBuffer.allocate(EVENT_BYTES).putLong(due).array());
    }

    private static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    // --- reporting

    private String stalledState(String when) {
        long ended =
                stalled.stream().filter(client -> !client.session().isOpen()).count();
        long detached =
                stalled.stream().filter(client -> client.closed().isDone()).count() - ended;
        return String.format(
                Locale.ROOT,
                "%,d clients that read nothing, policy %s, %s: %,d connected, %,d disconnected and awaited, %,d ended",
                stalledCount,
                stalledOptions.overflow(),
                when,
                stalledCount - detached - ended,
                detached,
                ended);
    }

    private void report(Engine engine, long first, long last) {
        System.out.println(stalledState("in the end"));
        for (List<InMemoryClient> healthy : List.of(probes, others)) {
            if (healthy.stream().anyMatch(client -> client.closed().isDone())) {
                throw new IllegalStateException("a client that reads was disconnected: " + engine.stats());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d clients that read: heap %.1f MB, later %.1f MB; %,d latencies, p50 %.0f us, p90 %.0f us, p99 %.0f us, longest"
                        + " %.0f us; floor p50 %.0f us, p90 %.0f us, p99 %.0f us; %s%n",
                healthyCount,
                first / 1e6,
                last / 1e6,
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(90) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                latencies.getMaxValue() / 1e3,
                floor.getValueAtPercentile(50) / 1e3,
                floor.getValueAtPercentile(90) / 1e3,
                floor.getValueAtPercentile(99) / 1e3,
                engine.stats());
        Figures.print(HEAP_GROWTH, 100.0 * (last - first) / first);
        Figures.print(P90, latencies.getValueAtPercentile(90) / 1e3);
        Figures.print(P99, latencies.getValueAtPercentile(99) / 1e3);
        Figures.print(FLOOR_P99, floor.getValueAtPercentile(99) / 1e3);
    }
}
