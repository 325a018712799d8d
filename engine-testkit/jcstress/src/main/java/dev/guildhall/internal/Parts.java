package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the proofs are made of: the real classes, of an engine whose lanes never run by themselves and whose application code runs
 * at once on the thread that causes it.
 */
final class Parts {
    /** Capacity of the logs, the smallest there is. */
    static final int CAPACITY = 64;

    private static final JumpingClock CLOCK = new JumpingClock();

    static final LocalEngine ENGINE = (LocalEngine) Engine.builder()
            .laneExecutors(List.of(task -> {}))
            .blockingExecutor(Runnable::run)
            .clock(CLOCK)
            .logCapacity(CAPACITY)
            .open();

    static {
        ENGINE.alarms().close(); // which would keep every guild and registry of every test
    }

    private Parts() {}

    /** Each look finds an hour over, so whoever can be idle for too long is. */
    private static final class JumpingClock implements EngineClock {
        private volatile long now;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only has to go on
        public long nanoTime() {
            now += 3_600_000_000_000L;
            return now;
        }

        @Override
        public long epochMillis() {
            return 1;
        }

        @Override
        public void schedule(Duration delay, Runnable task) {}
    }

    /** Takes tasks and counts them; whoever wants them run runs them. */
    static final class Submissions implements Executor {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void execute(Runnable task) {
            count.incrementAndGet();
        }

        int count() {
            return count.get();
        }
    }

    /** Time stands still; keeps the newest alarm for whoever lets it go off. */
    static final class StandingClock implements EngineClock {
        @Nullable
        Runnable alarm;

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            alarm = task;
        }
    }

    /** What is to run, how often it did, and how many of it at once. */
    static final class Work implements Runnable {
        private final AtomicInteger ran = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public void run() {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            ran.incrementAndGet();
            running.decrementAndGet();
        }

        int ran() {
            return ran.get();
        }

        int mostAtOnce() {
            return most.get();
        }
    }

    /** A log of which no slice is ever taken for stalled. */
    static GuildLog log() {
        return new GuildLog(CAPACITY, CLOCK, Long.MAX_VALUE, Runnable::run);
    }

    static LocalGuild guild(GuildLog log) {
        return new LocalGuild(ENGINE, "g", log, null, null);
    }

    static LocalLane lane(Executor executor) {
        return new LocalLane(ENGINE, 1, executor, false);
    }

    static GuildLane guildLane(GuildLog log) {
        return new GuildLane(guild(log), ENGINE.laneArray()[0]);
    }

    static LogEvent event() {
        return LogEvent.create("E", new byte[0]);
    }

    /** Claims and stores, as {@link GuildOrder#append} does without the marks; answers as a claim does. */
    static long append(GuildLog log, LogEvent event) {
        long offset = log.claim();
        if (offset >= 0) {
            event.offset = offset;
            log.store(offset, event);
        }
        return offset;
    }

    /** Claims so many offsets. */
    static void claim(GuildLog log, int count) {
        for (int i = 0; i < count; i++) {
            log.claim();
        }
    }

    static LocalSession session(LocalLane lane) {
        return LocalSession.ofSubscriber(
                ENGINE, lane, 1, "u", SessionOptions.DEFAULT, new InlineConnection(event -> {}, lane));
    }
}
