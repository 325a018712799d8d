package dev.guildhall.bench.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What happens in a load, counted. Usable from any thread; what happens for each frame is counted in {@link LoopTally}. */
final class Tally {
    private static final int MOST_TEXTS = 50;
    private static final String OTHERS = "others";
    private static final int DIGITS = 3;

    /** Where a connection is. */
    enum State {
        /** Not begun. */
        WAITING,
        /** Between its begin and READY or RESUMED. */
        CONNECTING,
        READY,
        /** Ready, but it does not read. */
        STALLED,
        /** Without a link, and to come back. */
        AWAY,
        /** Given up, or at its end. */
        ENDED
    }

    /** What is counted. */
    enum Count {
        /** Sessions that began with READY. */
        SESSIONS,
        /** Connections that were given up. */
        GIVEN_UP,
        CUTS,
        STALLS,
        /** Links that the other side closed or the network lost. */
        LINKS_LOST,
        RESUMES,
        /** Resumes that were refused for good. */
        RESUMES_REFUSED,
        /** Sessions that were over before the load was. */
        SESSIONS_LOST,
        /** Opcode 7. */
        RECONNECTS_ASKED,
        /** Publishes that were due. */
        DUE,
        /** Publishes that were sent, and answered if they are HTTP. */
        PUBLISHED,
        /** Publishes that nobody could send, or that failed. */
        UNSENT,
        /** Publishes of which nobody knows whether they arrived. */
        UNKNOWN,
        /** Numbers of dispatches that were left out. */
        NUMBERS_MISSING,
        /** Dispatches with a number again. */
        NUMBERS_AGAIN
    }

    private final Map<State, AtomicInteger> states = new EnumMap<>(State.class);
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<Integer, LongAdder> closes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    /** From when a connection was due until READY, nanoseconds. */
    private final Recorder connects = new Recorder(DIGITS);

    /** From when a publish was due until it was handed to the kernel, nanoseconds. */
    private final Recorder delays = new Recorder(DIGITS);

    private final CountDownLatch notEnded;

    Tally(int connections) {
        notEnded = new CountDownLatch(connections);
        for (State state : State.values()) {
            states.put(state, new AtomicInteger());
        }
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
        in(states, State.WAITING).set(connections);
    }

    /** Waits until all connections have ended, as long as that. */
    void awaitEnd(Duration patience) throws InterruptedException {
        boolean _ = notEnded.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void move(State from, State to) {
        if (to == State.ENDED && from != State.ENDED) {
            notEnded.countDown();
        }
        in(states, from).decrementAndGet();
        in(states, to).incrementAndGet();
    }

    int in(State state) {
        return in(states, state).get();
    }

    void count(Count what) {
        add(what, 1);
    }

    void add(Count what, long amount) {
        in(counts, what).add(amount);
    }

    long of(Count what) {
        return in(counts, what).sum();
    }

    /** Counts a close frame of the other side's, or 1006 for a link that ended without one. */
    void closed(int code) {
        closes.computeIfAbsent(code, _ -> new LongAdder()).increment();
    }

    void error(String text) {
        String counted = errors.size() < MOST_TEXTS || errors.containsKey(text) ? text : OTHERS;
        errors.computeIfAbsent(counted, _ -> new LongAdder()).increment();
    }

    Map<Integer, Long> closes() {
        return sums(closes);
    }

    Map<String, Long> errors() {
        return sums(errors);
    }

    Recorder connects() {
        return connects;
    }

    Recorder delays() {
        return delays;
    }

    private static <K extends Enum<K>, V> V in(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key));
    }

    private static <K extends Comparable<K>> Map<K, Long> sums(Map<K, LongAdder> adders) {
        Map<K, Long> sums = new TreeMap<>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
