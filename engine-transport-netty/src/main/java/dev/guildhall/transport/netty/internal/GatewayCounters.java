package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayStats;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayStats.State;
import dev.guildhall.transport.netty.GatewayStats.WritePath;
import dev.guildhall.transport.netty.IoMode;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a gateway counts. Nothing here is touched when an event is written. Any thread. */
final class GatewayCounters {
    private final Map<State, AtomicInteger> connections = each(State.values(), AtomicInteger::new);
    private final Map<WritePath, AtomicInteger> writePaths = each(WritePath.values(), AtomicInteger::new);
    private final Map<Refusal, LongAdder> refused = each(Refusal.values(), LongAdder::new);

    /** By close code, of which there are 4,000. */
    private final Map<Integer, LongAdder> closed = new ConcurrentHashMap<>();

    private final LongAdder accepted = new LongAdder();
    private final LongAdder putOff = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void accepted() {
        accepted.increment();
    }

    void refused(Refusal why) {
        of(refused, why).increment();
    }

    long refusals(Refusal why) {
        return of(refused, why).sum();
    }

    void entered(State state) {
        of(connections, state).incrementAndGet();
    }

    void left(State state) {
        of(connections, state).decrementAndGet();
    }

    void began(WritePath path) {
        of(writePaths, path).incrementAndGet();
    }

    void ended(WritePath path) {
        of(writePaths, path).decrementAndGet();
    }

    void closed(int code) {
        closed.computeIfAbsent(code, key -> new LongAdder()).increment();
    }

    /** Somebody identified when too many did. */
    void putOff() {
        putOff.increment();
    }

    void received(int size) {
        messages.increment();
        bytes.add(size);
    }

    GatewayStats stats(IoMode io, boolean ready) {
        return new GatewayStats(
                io,
                ready,
                map(connections, AtomicInteger::get),
                map(writePaths, AtomicInteger::get),
                accepted.sum(),
                map(refused, LongAdder::sum),
                map(closed, LongAdder::sum),
                putOff.sum(),
                messages.sum(),
                bytes.sum());
    }

    private static <K, V> Map<K, V> each(K[] keys, Supplier<V> value) {
        return Arrays.stream(keys).collect(Collectors.toUnmodifiableMap(Function.identity(), key -> value.get()));
    }

    private static <K, V> V of(Map<K, V> counts, K key) {
        return Objects.requireNonNull(counts.get(key));
    }

    private static <K, A, N> Map<K, N> map(Map<K, A> counts, Function<A, N> value) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> value.apply(entry.getValue())));
    }

    @Override
    public String toString() {
        return "GatewayCounters[" + connections + ", " + refused + "]";
    }
}
