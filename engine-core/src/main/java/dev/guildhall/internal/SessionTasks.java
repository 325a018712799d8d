package dev.guildhall.internal;

import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Application code that one session owes, run one at a time and in order by the {@link SubscriberPool}: calls of
 * the {@link dev.guildhall.SessionListener} and commands of the client. Commands are bounded and rated. The listener's calls are
 * caused by connections that come and go; while {@value #MAX_CALLS} of them wait, the session is not resumed.
 *
 * <p><b>States.</b> {@code top} is null: idle, no task submitted. Otherwise a task is submitted or running, and {@code top} is
 * what waits, newest first, ending in null or in RUNNING. Whoever replaces null by CAS submits the task. The task takes
 * everything by leaving RUNNING, turns it round, and goes idle by CAS from RUNNING to null, so nothing is missed. It holds no
 * queue while idle; the idea is that of the inbox (ADR 3).
 *
 * <p><b>Proofs</b> (jcstress, {@code SessionTasksProof}): everything runs, once and one at a time. {@code commandsWaiting} and
 * {@code isBehind} are estimates.
 */
final class SessionTasks implements Runnable {
    private static final int MAX_CALLS = 64;
    private static final Task RUNNING = new Task(() -> {}, false, null);
    private static final VarHandle TOP;
    private static final VarHandle WAITING;
    private static final VarHandle CALLS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOP = lookup.findVarHandle(SessionTasks.class, "top", Task.class);
            WAITING = lookup.findVarHandle(SessionTasks.class, "waiting", int.class);
            CALLS = lookup.findVarHandle(SessionTasks.class, "calls", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Task(
            Runnable work, boolean isCommand, @Nullable Task before) {}

    private final LocalEngine engine;
    private final SessionOptions options;
    private volatile @Nullable Task top;
    private volatile int waiting;
    private volatile int calls;
    private final TokenBucket tokens;

    SessionTasks(LocalEngine engine, SessionOptions options) {
        this.engine = engine;
        this.options = options;
        this.tokens = new TokenBucket(engine.config().clock(), options.commandsPerSecond(), options.commandBurst());
    }

    /** Runs a call of the listener after everything that was asked for before. */
    void call(Runnable call) {
        CALLS.getAndAdd(this, 1);
        push(call, false);
    }

    int commandsWaiting() {
        return waiting;
    }

    /** Whether too many calls of the listener wait. */
    boolean isBehind() {
        return calls >= MAX_CALLS;
    }

    /**
     * Runs a command after everything that was asked for before.
     *
     * @return {@link Outcome#ENQUEUED}, {@link Outcome#RATE_LIMITED}, or {@link Outcome#BACK_PRESSURED} if too many wait
     */
    Outcome command(Runnable command) {
        if (!tokens.tryTake()) {
            return Outcome.RATE_LIMITED;
        }
        int present;
        do {
            present = waiting;
            if (present >= options.maxWaitingCommands()) {
                return Outcome.BACK_PRESSURED;
            }
        } while (!WAITING.compareAndSet(this, present, present + 1));
        push(command, true);
        return Outcome.ENQUEUED;
    }

    private void push(Runnable work, boolean isCommand) {
        Task present;
        do {
            present = top;
        } while (!TOP.compareAndSet(this, present, new Task(work, isCommand, present)));
        if (present == null) {
            submit();
        }
    }

    private void submit() {
        try {
            engine.subscribers().execute(this);
        } catch (Throwable e) { // whatever is wrong with the executor must not end what a lane is about to do
            engine.subscriberFailedOnTask(e);
        }
    }

    /** The task: runs what waits, then lets others run if more has come. */
    @Override
    public void run() {
        ArrayDeque<Task> batch = new ArrayDeque<>();
        for (Task task = (Task) TOP.getAndSet(this, RUNNING); task != null && task != RUNNING; task = task.before) {
            batch.addFirst(task);
        }
        for (Task task : batch) {
            run(task);
        }
        if (!TOP.compareAndSet(this, RUNNING, null)) {
            submit();
        }
    }

    private void run(Task task) {
        if (task.isCommand) {
            WAITING.getAndAdd(this, -1);
        } else {
            CALLS.getAndAdd(this, -1);
        }
        try {
            task.work.run();
        } catch (Throwable failure) { // application code; the session goes on
            engine.subscriberFailedOnTask(failure);
        }
    }

    @Override
    public String toString() {
        return "SessionTasks[" + waiting + " commands and " + calls + " calls wait]";
    }
}
