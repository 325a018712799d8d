package dev.guildhall.internal;

import dev.guildhall.DrainReport;
import dev.guildhall.spi.Transport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an engine, in this order: transports stop accepting; guilds with a handler handle what they have accepted and stop, for as
 * long as {@code drainTimeout} allows; guild logs are closed, so their ends are known; each lane
 * walks to those ends, waits until its rings are written, and closes its sessions; the subscribers' tasks finish; transports
 * are closed. After {@code drainTimeout} the lanes close their sessions with what they still hold, and {@link #GRACE} later
 * the end is declared even if some application code never returns.
 *
 * <p>Nothing waits in between: each step starts the next through a future, so an engine on a test's executors drains when the
 * test runs them. Only the last step, in which transports may block, is a task of the blocking executor.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Time for application code to return after the drain was cut short. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final LocalEngine engine;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean cutShort = new AtomicBoolean();
    private final CompletableFuture<DrainReport> done = new CompletableFuture<>();

    Drain(LocalEngine engine) {
        this.engine = engine;
    }

    boolean hasBegun() {
        return begun.get();
    }

    CompletionStage<DrainReport> begin() {
        if (begun.compareAndSet(false, true)) {
            engine.config().transports().forEach(Transport::stopAccepting);
            CompletableFuture<Void> handlers = CompletableFuture.allOf(
                    engine.guilds().all().stream().map(LocalGuild::drain).toArray(CompletableFuture<?>[]::new));
            var _ = handlers.copy()
                    .orTimeout(engine.config().drainTimeout().toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((nothing, failure) -> drainLanes());
        }
        return done.minimalCompletionStage();
    }

    private void drainLanes() {
        engine.guilds().all().forEach(LocalGuild::close);
        List<CompletableFuture<LocalLane.Ending>> endings =
                Arrays.stream(engine.laneArray()).map(LocalLane::drain).toList();
        CompletableFuture<Void> lanes = CompletableFuture.allOf(endings.toArray(CompletableFuture<?>[]::new));
        Duration timeout = engine.config().drainTimeout();
        after(lanes, timeout, this::cutShort);
        CompletableFuture<Void> everything =
                lanes.thenCompose(nothing -> engine.subscribers().whenIdle());
        after(everything, timeout.plus(GRACE), () -> everything.completeExceptionally(new TimeoutException()));
        var _ = everything.handleAsync(
                (nothing, failure) -> done.complete(finish(endings, failure == null)),
                engine.config().blockingExecutor());
    }

    /** Drains and waits, but never much longer than the time limits allow. */
    void await() {
        begin();
        Duration longest = engine.config().drainTimeout().plus(GRACE).plus(GRACE);
        CompletableFuture<DrainReport> waiting = done.copy().orTimeout(longest.toNanos(), TimeUnit.NANOSECONDS);
        waiting.exceptionally(failure -> {
                    LOG.warn("{} is not closed after {}: its executors do not run", engine, longest);
                    return new DrainReport(false, 0, 0);
                })
                .join();
    }

    private void cutShort() {
        cutShort.set(true);
        for (LocalLane lane : engine.laneArray()) {
            lane.cutShort();
        }
    }

    private static void after(CompletableFuture<Void> event, Duration timeout, Runnable otherwise) {
        var _ = event.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionally(failure -> {
            if (failure instanceof TimeoutException) {
                otherwise.run();
            }
            return null;
        });
    }

    private DrainReport finish(List<CompletableFuture<LocalLane.Ending>> endings, boolean returned) {
        engine.alarms().close();
        engine.questions().close();
        for (Transport transport : engine.config().transports()) {
            try {
                transport.close();
            } catch (RuntimeException e) {
                LOG.warn("Closing the transport {} failed", transport, e);
            }
        }
        List<LocalLane.Ending> ended = endings.stream()
                .filter(ending -> ending.isDone() && !ending.isCompletedExceptionally())
                .map(CompletableFuture::join)
                .toList();
        long sessions = ended.stream().mapToLong(LocalLane.Ending::sessions).sum();
        long dropped = ended.stream().mapToLong(LocalLane.Ending::dropped).sum();
        boolean complete = returned && !cutShort.get() && dropped == 0;
        if (!complete) {
            LOG.warn(
                    "The engine was closed with {} events undelivered{}",
                    dropped,
                    returned ? "" : "; some application code had not returned");
        }
        return new DrainReport(complete, sessions, dropped);
    }

    @Override
    public String toString() {
        return "Drain[" + (done.isDone() ? "done]" : hasBegun() ? "under way]" : "not begun]");
    }
}
