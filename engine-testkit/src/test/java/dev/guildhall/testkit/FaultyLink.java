package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A connection of a {@link ModelClient}, of which a test decides when it takes something, and where and how it breaks. */
final class FaultyLink implements Connection {
    private static final int CAPACITY = 30;

    /** Where in the engine's calls it breaks. */
    enum Point {
        IS_WRITABLE,
        BEFORE_WRITE,
        AFTER_WRITE,
        FLUSH,
        CLOSE
    }

    /** How it breaks. */
    enum Fault {
        THROW,
        TELL_LOST,
        TELL_CLOSED
    }

    final ArrayDeque<Event> wire = new ArrayDeque<>();
    final ModelClient client;

    /** Whether it came with a resume, so that RESUMED is due on it, once. */
    final boolean resuming;

    @Nullable
    Attachment attachment;

    boolean stalled;

    /** Whether the client's end is gone; what is written is lost. */
    boolean vanished;

    /** Whether the engine has closed it. */
    boolean closed;

    private boolean threw;
    private boolean toldLost;
    private boolean writtenThoughLost;
    private boolean wanted;
    private boolean hasResumed;
    private @Nullable Point point;
    private Fault fault = Fault.THROW;
    private int callsBefore;

    FaultyLink(ModelClient client, boolean resuming) {
        this.client = client;
        this.resuming = resuming;
    }

    // --- what the test decides

    void failSoon(Random random) {
        point = Point.values()[random.nextInt(Point.values().length)];
        fault = point == Point.CLOSE
                ? Fault.values()[random.nextInt(2)]
                : Fault.values()[random.nextInt(4) == 0 ? 2 : random.nextInt(2)];
        callsBefore = random.nextInt(4);
    }

    void heal() {
        point = null;
        stalled = false;
    }

    void tellWritable() {
        if (wanted && isUp() && attachment != null) {
            wanted = false;
            attachment.writable();
        }
    }

    Attachment attachment() {
        return Objects.requireNonNull(attachment, "a link that is attached");
    }

    boolean isUp() {
        return !vanished && !closed;
    }

    void lose(CloseReason reason) {
        if (attachment != null) {
            vanish();
            toldLost = true;
            attachment.lost(reason);
        }
    }

    void sayGoodbye() {
        if (attachment != null) {
            vanish();
            toldLost = true;
            client.saidGoodbye = true;
            attachment.closed(CloseReason.CLIENT_LEFT);
        }
    }

    void vanish() {
        vanished = true;
        wire.clear();
        client.linkIsLost();
    }

    boolean hasResumed() {
        return hasResumed;
    }

    // --- what the engine calls

    @Override
    public boolean isWritable() {
        breakAt(Point.IS_WRITABLE);
        boolean writable = !stalled && (wire.size() < CAPACITY || client.schedule.draining);
        wanted |= !writable;
        return writable;
    }

    @Override
    public void write(Event event, long seq) {
        client.schedule.noting(() -> {
            assertThat(attachment).as("answered before it is written to").isNotNull();
            assertThat(closed).as("written to after its end").isFalse();
            assertThat(toldLost && writtenThoughLost)
                    .as("the engine looks at a loss before each write")
                    .isFalse();
            writtenThoughLost = toldLost;
            if (event.type().equals(Event.RESUMED)) {
                assertThat(resuming && !hasResumed).as("RESUMED once").isTrue();
                hasResumed = true;
            }
            client.written(event, seq);
        });
        breakAt(Point.BEFORE_WRITE);
        if (!vanished) {
            wire.add(event);
        }
        breakAt(Point.AFTER_WRITE);
    }

    @Override
    public void flush() {
        breakAt(Point.FLUSH);
    }

    @Override
    public long flushNanosLater() {
        return flushPriceAt(client.schedule.clock);
    }

    /** Dear in every other second, so that lanes change between writing in walks and in turns. */
    static long flushPriceAt(EngineClock clock) {
        return Duration.ofNanos(clock.nanoTime()).toSeconds() % 2 == 0 ? 0 : 8_000;
    }

    @Override
    public void close(CloseReason reason, boolean resumable) {
        client.schedule.noting(() -> {
            assertThat(closed).as("closed twice").isFalse();
            assertThat(toldLost).as("closed after it was lost").isFalse();
            checkReason(reason, resumable);
        });
        closed = true;
        client.linkIsLost();
        breakAt(Point.CLOSE);
    }

    private void checkReason(CloseReason reason, boolean resumable) {
        switch (reason.kind()) {
            case CONNECTION_LOST -> assertThat(threw).isTrue();
            case REPLACED -> assertThat(client.resuming && !resumable).isTrue();
            case SLOW_CONSUMER -> client.checkSlow(resumable);
            default -> assertThat(resumable).as("%s", reason).isFalse();
        }
        if (!resumable && reason.kind() != CloseReason.Kind.REPLACED) {
            assertThat(client.session.closeReason()).isNotNull();
        }
    }

    private void breakAt(Point here) {
        if (here != point || callsBefore-- > 0) {
            return;
        }
        point = null;
        client.schedule.coverage.count("fault " + here + " " + fault);
        switch (fault) {
            case THROW -> {
                threw = true;
                client.linkIsLost();
                throw new Deliberate();
            }
            case TELL_LOST -> lose(CloseReason.CONNECTION_LOST);
            case TELL_CLOSED -> sayGoodbye();
        }
    }

    /** Without a trace, which the engine would log thousands of times. */
    private static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1;

        Deliberate() {
            super("deliberate", null, false, false);
        }
    }
}
