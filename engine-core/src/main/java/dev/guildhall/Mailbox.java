package dev.guildhall;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.unpadded.MpscChunkedVarHandleUnpaddedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded lock-free queue with a run state: many threads offer, one at a time handles, in the order of the offers. It holds
 * no thread and no queue until something is offered.
 *
 * <p><b>States.</b> IDLE: nothing to do, no task submitted. SCHEDULED: one task is submitted or running. Whoever moves IDLE to
 * SCHEDULED by CAS submits the task; only the task moves it back. An offer stores its item, then a full fence, and then reads the
 * state; the task stores IDLE, volatile, and then reads whether the queue is empty. So at least one of the two sees the other,
 * and no wake-up is lost. "Empty" is read from the queue's indices ({@code isEmpty}), not from a {@code relaxedPoll} that may
 * answer null while an offer is under way.
 *
 * <p><b>Order.</b> Items of one thread are handled in the order it offered them; each handling happens-before the next. The
 * idea of a schedule-once status word with a bounded batch is that of Pekko's dispatcher mailboxes.
 *
 * <p><b>Closing</b> refuses further offers; everything that was accepted is still handled.
 *
 * <p><b>Proofs</b> (jcstress, {@code MailboxProof}): no wake-up is lost, one task at a time, and what was accepted when it closes is
 * handled. Not linearizable: {@link #backlog}.
 *
 * @param <T> what is handled
 */
public final class Mailbox<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final VarHandle STATE;
    private static final VarHandle QUEUE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Mailbox.class, "state", int.class);
            QUEUE = lookup.findVarHandle(Mailbox.class, "queue", MpscChunkedVarHandleUnpaddedArrayQueue.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Smallest and largest capacity. */
    private static final int MIN_CAPACITY = 16;

    private static final int MAX_CAPACITY = 1 << 20;
    private static final int FIRST_CHUNK = 8;

    /** Items handled before the executor may run something else. */
    private static final int QUANTUM = 64;

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;

    private final int capacity;
    private final Executor executor;
    private final Consumer<? super T> handler;
    private final Runnable turn = this::runTurn;

    private volatile @Nullable MpscChunkedVarHandleUnpaddedArrayQueue<T> queue;
    private volatile int state;
    private volatile boolean closed;

    private Mailbox(int capacity, Executor executor, Consumer<? super T> handler) {
        this.capacity = capacity;
        this.executor = executor;
        this.handler = handler;
    }

    /**
     * A mailbox with nothing in it.
     *
     * @param capacity most items waiting, 16 to 1,048,576; rounded up to a power of two
     * @param executor runs the handler; need not be serial. If it rejects a task the mailbox closes
     * @param handler called for one item at a time; an exception is logged at WARN and the next item is handled
     * @param <T> what is handled
     * @return the mailbox
     * @throws IllegalArgumentException if the capacity is out of range
     */
    public static <T> Mailbox<T> create(int capacity, Executor executor, Consumer<? super T> handler) {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity must be between " + MIN_CAPACITY + " and " + MAX_CAPACITY + ", was " + capacity);
        }
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(handler, "handler");
        int rounded = Integer.highestOneBit(capacity - 1) << 1;
        return new Mailbox<>(rounded, executor, handler);
    }

    /**
     * Adds an item; never blocks.
     *
     * @param item handled later, on the executor
     * @return {@link Outcome#ENQUEUED}; {@link Outcome#BACK_PRESSURED} when full; {@link Outcome#CLOSED}, also if the executor
     *     rejected the task, and then nothing that waits is handled any more
     */
    public Outcome offer(T item) {
        if (closed) {
            return Outcome.CLOSED;
        }
        if (!queue().offer(item)) {
            return Outcome.BACK_PRESSURED;
        }
        VarHandle.fullFence();
        if (state == IDLE && STATE.compareAndSet(this, IDLE, SCHEDULED)) {
            return submit() ? Outcome.ENQUEUED : Outcome.CLOSED;
        }
        return Outcome.ENQUEUED;
    }

    /** Refuses further offers. What was accepted is still handled. */
    public void close() {
        closed = true;
    }

    /**
     * Whether offers are refused.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Items waiting now, for monitoring only.
     *
     * @return an estimate
     */
    public int backlog() {
        MpscChunkedVarHandleUnpaddedArrayQueue<T> present = queue;
        return present == null ? 0 : present.size();
    }

    /**
     * Most items that wait.
     *
     * @return the bound
     */
    public int capacity() {
        return capacity;
    }

    @Override
    public String toString() {
        return "Mailbox[backlog=" + backlog() + "/" + capacity + (closed ? ", closed]" : "]");
    }

    private MpscChunkedVarHandleUnpaddedArrayQueue<T> queue() {
        MpscChunkedVarHandleUnpaddedArrayQueue<T> present = queue;
        if (present == null) {
            QUEUE.compareAndSet(
                    this,
                    null,
                    new MpscChunkedVarHandleUnpaddedArrayQueue<T>(Math.min(FIRST_CHUNK, capacity / 2), capacity));
            present = Objects.requireNonNull(queue);
        }
        return present;
    }

    private boolean submit() {
        try {
            executor.execute(turn);
            return true;
        } catch (RejectedExecutionException e) {
            closed = true;
            LOG.warn("Mailbox closed with {} items unhandled: its executor rejects tasks", backlog(), e);
            return false;
        }
    }

    private void runTurn() {
        MpscChunkedVarHandleUnpaddedArrayQueue<T> items = queue();
        for (int i = 0; i < QUANTUM; i++) {
            T item = items.relaxedPoll();
            if (item == null) {
                state = IDLE;
                if (items.isEmpty() || !STATE.compareAndSet(this, IDLE, SCHEDULED)) {
                    return;
                }
                Thread.onSpinWait();
                continue;
            }
            handle(item);
        }
        submit();
    }

    private void handle(T item) {
        try {
            handler.accept(item);
        } catch (Throwable e) { // even an Error must not leave the mailbox scheduled for ever
            LOG.warn("A mailbox handler failed; the mailbox goes on", e);
        }
    }
}
