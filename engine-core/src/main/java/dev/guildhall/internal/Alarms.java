package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What an engine wants to be told later. A clock cannot be told that nobody waits any more, so once the engine is closed its alarms
 * do nothing and hold nothing of it. Any thread.
 *
 * <p><b>Proofs</b> (jcstress, {@code AlarmsProof}): after the end nothing runs, also what is scheduled while it ends.
 */
final class Alarms {
    private final EngineClock clock;
    private final Set<Alarm> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Alarms(EngineClock clock) {
        this.clock = clock;
    }

    private static final class Alarm extends AtomicReference<@Nullable Runnable> implements Runnable {
        private static final long serialVersionUID = 1L;
        private final transient Set<Alarm> pending;

        Alarm(Runnable task, Set<Alarm> pending) {
            super(task);
            this.pending = pending;
        }

        @Override
        public void run() {
            pending.remove(this);
            Runnable due = getAndSet(null);
            if (due != null) {
                due.run();
            }
        }
    }

    /** Runs a task that neither blocks nor throws after the delay, unless the engine is closed by then. */
    void schedule(Duration delay, Runnable task) {
        Alarm alarm = new Alarm(task, pending);
        pending.add(alarm);
        clock.schedule(delay, alarm);
        if (closed) { // close() may have passed by before the alarm was there, and cleared it away without silencing it
            alarm.set(null);
            pending.remove(alarm);
        }
    }

    void close() {
        closed = true;
        for (Alarm alarm : pending) {
            alarm.set(null);
        }
        pending.clear();
    }

    @Override
    public String toString() {
        return "Alarms[" + pending.size() + " pending" + (closed ? ", closed]" : "]");
    }
}
