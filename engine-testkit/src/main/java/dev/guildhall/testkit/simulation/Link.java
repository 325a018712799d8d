package dev.guildhall.testkit.simulation;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A client's connection, of which the schedule decides when it takes something, and between which two calls it breaks, and how. */
final class Link implements Connection {
    private static final int CAPACITY = 30;

    private enum Point {
        IS_WRITABLE,
        BEFORE_WRITE,
        AFTER_WRITE,
        FLUSH
    }

    private enum Fault {
        THROW,
        CUT
    }

    /** What was written and not read yet. */
    final ArrayDeque<Event> wire = new ArrayDeque<>();

    @Nullable
    Attachment attachment;

    boolean stalled;

    private final Client client;
    private final World world;

    /** The number that the next event must have. */
    private long nextSeq;

    /** Whether it came with a resume, so that RESUMED is due on it, once. */
    private final boolean resuming;

    private boolean hasResumed;
    private boolean vanished;
    private boolean closed;
    private boolean wanted;
    private @Nullable Point point;
    private Fault fault = Fault.THROW;
    private int callsBefore;

    Link(Client client, long lastSeq, boolean resuming) {
        this.client = client;
        this.world = client.world;
        this.nextSeq = lastSeq + 1;
        this.resuming = resuming;
    }

    // --- what the schedule decides

    void breakSoon(Random random) {
        point = Point.values()[random.nextInt(Point.values().length)];
        fault = Fault.values()[random.nextInt(2)];
        callsBefore = random.nextInt(4);
    }

    void heal() {
        point = null;
        stalled = false;
        tellWritable();
    }

    void tellWritable() {
        Attachment present = attachment;
        if (wanted && isUp() && present != null) {
            wanted = false;
            present.writable();
        }
    }

    boolean isUp() {
        return !vanished && !closed;
    }

    boolean isHealthy() {
        return isUp() && !stalled && point == null;
    }

    boolean lacksResumed() {
        return resuming && !hasResumed;
    }

    /** The last number that was written. */
    long lastSeq() {
        return nextSeq - 1;
    }

    void cut(CloseReason reason) {
        Attachment present = attachment;
        if (present != null && isUp()) {
            vanish();
            present.lost(reason);
        }
    }

    void sayGoodbye() {
        Attachment present = attachment;
        if (present != null && isUp()) {
            vanish();
            present.closed(CloseReason.CLIENT_LEFT);
        }
    }

    void vanish() {
        vanished = true;
        wire.clear();
    }

    // --- what the engine calls

    @Override
    public boolean isWritable() {
        breakAt(Point.IS_WRITABLE);
        boolean writable = !stalled && (wire.size() < CAPACITY || world.isCalm());
        wanted |= !writable;
        return writable;
    }

    @Override
    public void write(Event event, long seq) {
        world.noting(() -> {
            Violation.unless(attachment != null, "%s is written to before it is attached", client);
            Violation.unless(!closed, "%s is written to after its end", client);
            Violation.unless(seq == nextSeq, "%s: number %d instead of %d", client, seq, nextSeq);
            if (event.type().equals(Event.RESUMED)) {
                Violation.unless(resuming && !hasResumed, "%s: RESUMED without a resume", client);
                hasResumed = true;
            }
            if (event.delivery() instanceof Delivery.Ephemeral) {
                client.checkInTime(event);
            }
        });
        nextSeq++;
        world.trace.note("write", client.number, seq);
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

    /** Dear in every other second, so that lanes change between writing in walks and in turns. */
    @Override
    public long flushNanosLater() {
        return Duration.ofNanos(world.clock.nanoTime()).toSeconds() % 2 == 0 ? 0 : 8_000;
    }

    @Override
    public void close(CloseReason reason, boolean resumable) {
        world.noting(() -> Violation.unless(!closed, "%s is closed twice", client));
        world.trace.note("close", client.number, reason.kind());
        closed = true;
    }

    private void breakAt(Point here) {
        if (here != point || callsBefore-- > 0) {
            return;
        }
        point = null;
        world.trace.count("link " + fault + " at " + here);
        switch (fault) {
            case THROW -> throw new Deliberate();
            case CUT -> cut(CloseReason.CONNECTION_LOST);
        }
    }

    @Override
    public String toString() {
        return "Link[" + client + ", last number " + lastSeq() + (isUp() ? "]" : ", down]");
    }
}
