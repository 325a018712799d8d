package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.DrainOptions;
import dev.guildhall.transport.netty.DrainedGateway;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the clients of a gateway away: asks them to leave, batch by batch and in no particular order, gives the last of them some time, and
 * closes those that are still there. It is over when all are gone, or a few seconds after the last were closed.
 *
 * <p><b>Threads.</b> The steps are tasks of one event loop. Connections are told by events of their pipelines, so each on its own loop;
 * {@code gone} is counted by all.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of adding a listener, which is the same future, and of scheduled steps
final class Draining {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

    /** Longer than a connection waits for the answer to its close frame. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(4);

    private final DrainOptions options;
    private final List<Channel> connections;
    private final EventExecutor timer;
    private final AtomicInteger gone = new AtomicInteger();
    private final CompletableFuture<DrainedGateway> done = new CompletableFuture<>();
    private int asked;
    private volatile int closed;

    /**
     * @param connections all there are, and nobody is let in any more
     */
    Draining(DrainOptions options, Collection<Channel> connections, EventExecutor timer) {
        this.options = options;
        this.connections = new ArrayList<>(connections);
        this.timer = timer;
        Collections.shuffle(this.connections);
    }

    void begin() {
        LOG.info("Draining {} connections, {}", connections.size(), options);
        for (Channel connection : connections) {
            connection.closeFuture().addListener(closed -> {
                if (gone.incrementAndGet() == connections.size()) {
                    finish();
                }
            });
        }
        if (connections.isEmpty()) {
            finish();
        } else {
            timer.execute(this::askNext);
        }
    }

    CompletionStage<DrainedGateway> whenDone() {
        return done.minimalCompletionStage();
    }

    private void askNext() {
        int inBatch = 0;
        while (asked < connections.size() && inBatch < options.batchSize()) {
            Channel next = connections.get(asked++);
            if (next.isActive()) {
                next.pipeline().fireUserEventTriggered(PipelineEvent.RECONNECT);
                inBatch++;
            }
        }
        if (done.isDone()) {
            return;
        }
        if (asked < connections.size()) {
            double spread = 0.5 + ThreadLocalRandom.current().nextDouble();
            after((long) (options.interval().toNanos() * spread), this::askNext);
        } else {
            after(options.grace().toNanos(), this::closeRest);
        }
    }

    private void closeRest() {
        List<Channel> left = connections.stream().filter(Channel::isActive).toList();
        closed = left.size();
        left.forEach(connection -> connection.pipeline().fireUserEventTriggered(PipelineEvent.DRAINED));
        after(LAST_WAIT.toNanos(), this::finish);
    }

    private void after(long nanos, Runnable step) {
        timer.schedule(step, nanos, TimeUnit.NANOSECONDS);
    }

    /** Also when the gateway ends before. */
    void finish() {
        int remaining = connections.size() - gone.get();
        DrainedGateway report = new DrainedGateway(
                connections.size(), connections.size() - Math.max(closed, remaining), closed, remaining);
        if (done.complete(report)) {
            LOG.info("Drained: {}", report);
        }
    }

    @Override
    public String toString() {
        return "Draining[" + gone + " of " + connections.size() + " gone]";
    }
}
