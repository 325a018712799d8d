package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Subscriber;
import dev.guildhall.spi.Connection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connection of an in-process subscriber that may block: a batch of events that belongs to the lane or to a task, never to
 * both. The session's ring is the queue; this only hands pieces of it over, so a subscriber is slow in the same way as a
 * client that does not read.
 *
 * <pre>
 *   LANE ──flush, or close with nothing under way──▶ TASK
 *     ▲                                               │
 *     └──────────── batch handled, not closing ───────┘        closing: onClose, and TASK for ever
 * </pre>
 *
 * <p>LANE: the lane fills {@code batch}. TASK: a task of the {@link SubscriberPool} empties it; the volatile writes of
 * {@code state} order the two. The lane sets {@code wanted} and then reads {@code state} again; the task writes
 * {@code state} and then reads {@code wanted}: one of the two sees the other, so no wake-up is lost. {@code closing} is paired
 * with {@code state} in the same way, and whoever moves LANE to TASK by CAS while closing calls {@code onClose}, once.
 */
final class SubscriberConnection implements Connection, Runnable {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SubscriberConnection.class, "state", byte.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final byte LANE = 0;
    private static final byte TASK = 1;

    /** Events handed over at once. */
    private static final int MAX_BATCH = 256;

    private static final int FIRST_BATCH = 8;
    private static final Event[] NO_BATCH = {};

    private final Subscriber subscriber;
    private @Nullable LocalSession session;
    private @Nullable Event[] batch = NO_BATCH;
    private short size; // with the other fields it fills 32 bytes
    private volatile byte state;
    private volatile boolean wanted;
    private volatile @Nullable CloseReason closing;

    SubscriberConnection(Subscriber subscriber) {
        this.subscriber = subscriber;
    }

    /** Tells it its session, before the lane knows either. */
    void attach(LocalSession owner) {
        session = owner;
    }

    private LocalSession session() {
        return Objects.requireNonNull(session, "a connection without a session");
    }

    private LocalEngine engine() {
        return session().engine;
    }

    @Override
    public boolean isWritable() {
        if (state == LANE && size < MAX_BATCH) {
            return true;
        }
        wanted = true;
        return state == LANE && size < MAX_BATCH;
    }

    @Override
    public void write(Event event, long seq) {
        if (size == batch.length) {
            batch = Arrays.copyOf(batch, size == 0 ? FIRST_BATCH : size * 2);
        }
        batch[size++] = event;
    }

    @Override
    public void flush() {
        state = TASK;
        engine().subscribers().execute(this);
    }

    @Override
    public void close(CloseReason reason, boolean resumable) {
        closing = reason;
        if (STATE.compareAndSet(this, LANE, TASK)) {
            engine().subscribers().execute(this);
        }
    }

    /** The task. */
    @Override
    public void run() {
        for (int i = 0; i < size; i++) {
            Event event = Objects.requireNonNull(batch[i]);
            try {
                subscriber.onEvent(event);
            } catch (Throwable failure) { // application code; its session goes on
                engine().subscriberFailedOnTask(failure);
            }
        }
        size = 0;
        batch = NO_BATCH;
        state = LANE;
        if (closing != null && STATE.compareAndSet(this, LANE, TASK)) {
            callOnClose(Objects.requireNonNull(closing));
        } else if (wanted) {
            wanted = false;
            session().mark();
        }
    }

    private void callOnClose(CloseReason reason) {
        try {
            subscriber.onClose(reason);
        } catch (Throwable failure) { // application code; nothing follows
            engine().subscriberFailedOnTask(failure);
        }
    }

    @Override
    public String toString() {
        return "SubscriberConnection[" + session + (state == LANE ? ", idle]" : ", running]");
    }
}
