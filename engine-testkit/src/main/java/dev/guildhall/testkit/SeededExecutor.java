package dev.guildhall.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * Runs tasks one at a time on the thread that asks for it, in an order that a seed decides. Give an engine one
 * {@link #serial() serial view} per lane and this executor for what may block, and a test decides when anything runs:
 *
 * <pre>{@code
 * SeededExecutor executor = new SeededExecutor(seed);
 * Engine engine = Engine.builder()
 *         .laneExecutors(List.of(executor.serial(), executor.serial()))
 *         .blockingExecutor(executor)
 *         .open();
 * ...
 * executor.runAll();
 * }</pre>
 *
 * <p>Close such an engine with {@code engine.drain()} followed by {@link #runAll()}: {@code close()} would wait for tasks that
 * nobody runs. Any thread may submit tasks.
 */
public final class SeededExecutor implements Executor {
    private final long seed;
    private final Random random;
    private final List<Runnable> ready = new ArrayList<>();

    /**
     * An executor with a schedule.
     *
     * @param seed the same seed and the same tasks give the same order; {@link #toString()} shows it
     */
    public SeededExecutor(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        synchronized (ready) {
            ready.add(task);
        }
    }

    /**
     * An executor on top of this one that keeps the order of its own tasks, as a lane needs it.
     *
     * @return a new serial view
     */
    public Executor serial() {
        return new Serial();
    }

    /**
     * Runs one of the waiting tasks, chosen by the seed.
     *
     * @return false if none was waiting
     */
    public boolean runOne() {
        Runnable task;
        synchronized (ready) {
            if (ready.isEmpty()) {
                return false;
            }
            task = ready.remove(random.nextInt(ready.size()));
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks until none is waiting, those that are submitted meanwhile included.
     *
     * @return how many ran
     */
    public int runAll() {
        int count = 0;
        while (runOne()) {
            count++;
        }
        return count;
    }

    /**
     * Tasks that wait.
     *
     * @return their number
     */
    public int waiting() {
        synchronized (ready) {
            return ready.size();
        }
    }

    @Override
    public String toString() {
        return "SeededExecutor[seed=" + seed + ", " + waiting() + " waiting]";
    }

    /** Submits its next task when the one before has run. */
    private final class Serial implements Executor {
        private final List<Runnable> queue = new ArrayList<>();
        private boolean submitted;

        @Override
        public void execute(Runnable task) {
            synchronized (queue) {
                queue.add(Objects.requireNonNull(task, "task"));
                if (submitted) {
                    return;
                }
                submitted = true;
            }
            SeededExecutor.this.execute(this::runNext);
        }

        private void runNext() {
            Runnable task;
            synchronized (queue) {
                task = queue.removeFirst();
            }
            try {
                task.run();
            } finally {
                boolean more;
                synchronized (queue) {
                    more = !queue.isEmpty();
                    submitted = more;
                }
                if (more) {
                    SeededExecutor.this.execute(this::runNext);
                }
            }
        }
    }
}
