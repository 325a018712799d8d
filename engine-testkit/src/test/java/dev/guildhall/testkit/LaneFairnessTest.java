package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much a lane writes for a large guild before it writes what a small one has published. A lane takes up new work after each walk of
 * one batch and the turns of sessions that the walk pays for, and walks the small guild when those that were ready before it had one walk
 * each. The sessions that it wakes do not queue behind those of a large guild. So with one large guild the bound is two walks and what
 * they pay for: the one that is under way, and one that was due before.
 */
class LaneFairnessTest {
    private static final int LARGE = 16_000;
    private static final int SMALL = 5;
    private static final int BATCH = 64;

    /** Walks write to sessions that can be resumed; the others get turns. */
    private static final SessionOptions WITH_TURNS =
            SessionOptions.builder().resumeWindow(Duration.ZERO).build();

    private static final SessionOptions BY_WALKS = SessionOptions.DEFAULT;

    /** What a turn pays for at least, see {@code LocalLane}. */
    private static final int LEAST_TURNS = 256;

    private final BareTransport transport = new BareTransport();
    private long written;
    private SessionOptions options = WITH_TURNS;

    /** Counts what is written to all connections, and to itself. */
    private final class Link implements Connection {
        private int own;

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            own++;
            written++;
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }

    private Engine open(SeededExecutor executor, int turnBudget, int sessionMajorFrom) {
        return Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(new ManualClock())
                .logCapacity(256)
                .turnBudget(turnBudget)
                .sessionMajorFrom(sessionMajorFrom)
                .transport(transport)
                .open();
    }

    private Link subscribe(Guild guild, SeededExecutor executor) {
        Link link = new Link();
        transport.open(options, link).session().subscribe(guild);
        if (guild.nextOffset() % 100 == 0) {
            executor.runAll();
        }
        return link;
    }

    /** Publishes to the small guild and runs until its last session was written the event; answers what was written meanwhile. */
    private long writesUntilDelivered(Guild small, List<Link> members, SeededExecutor executor) {
        int before = members.getLast().own;
        long start = written;
        small.tryPublish(Event.of("E", "small"));
        while (!members.stream().allMatch(link -> link.own > before)) {
            assertThat(executor.runOne()).isTrue();
        }
        return written - start;
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, false", "4, false", "5, false", "1, true", "2, true", "3, true"})
    void aFloodedLargeGuildDelaysASmallOneByTwoBatches(long seed, boolean byWalks) {
        options = byWalks ? BY_WALKS : WITH_TURNS;
        SeededExecutor executor = new SeededExecutor(seed);
        int turnBudget = 64;
        Engine engine = open(executor, turnBudget, 1_024);
        Guild large = engine.guild("large");
        for (int i = 0; i < LARGE; i++) {
            subscribe(large, executor);
        }
        Guild small = engine.guild("small");
        List<Link> members = IntStream.range(0, SMALL)
                .mapToObj(i -> subscribe(small, executor))
                .toList();
        executor.runAll();
        int bound = 2 * (Math.max(2 * (turnBudget + 1), LEAST_TURNS) + BATCH);
        for (int round = 0; round < 50; round++) {
            while (large.tryPublish(Event.of("E", "large")).isAccepted()) {} // until its log is full
            for (long i = 0; i < seed * 3; i++) {
                executor.runOne();
            }
            assertThat(writesUntilDelivered(small, members, executor))
                    .as("seed %d, round %d", seed, round)
                    .isLessThanOrEqualTo(bound);
        }
        engine.drain();
        executor.runAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sessionsThatALargeGuildHasWokenAreNotAheadOfThoseOfASmallOne(boolean byWalks) {
        options = byWalks ? BY_WALKS : WITH_TURNS;
        SeededExecutor executor = new SeededExecutor(1);
        Engine engine = open(executor, 64, Integer.MAX_VALUE);
        Guild large = engine.guild("large");
        for (int i = 0; i < LARGE; i++) {
            subscribe(large, executor);
        }
        Guild small = engine.guild("small");
        List<Link> members = IntStream.range(0, SMALL)
                .mapToObj(i -> subscribe(small, executor))
                .toList();
        executor.runAll();
        large.tryPublish(Event.of("E", "large"));
        executor.runOne(); // one walk, which wakes all of them, and turns for some
        assertThat(written).isPositive().isLessThan(LARGE / 2);

        assertThat(writesUntilDelivered(small, members, executor)).isLessThanOrEqualTo(LEAST_TURNS);

        executor.runAll();
        assertThat(written).isEqualTo(LARGE + SMALL); // nobody starves
        engine.drain();
        executor.runAll();
    }
}
