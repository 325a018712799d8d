package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ring holds as one, because it was written a whole batch, and everything else that happens to it then. */
class EventBundlesTest {
    private static final int WHOLE = Slice.MAX_BATCH;

    private final OneRing one = new OneRing();
    private final SessionRing ring = one.ring;
    private final EventTable events = one.events;

    @AfterEach
    void close() {
        one.close();
    }

    private LogEvent[] plain(int count) {
        LogEvent[] made = new LogEvent[count];
        Arrays.setAll(made, i -> one.plain(100));
        return made;
    }

    private List<LogEvent> writeAll() {
        List<LogEvent> written = new ArrayList<>();
        for (LogEvent next = one.next(); next != null; next = one.next()) {
            written.add(next);
        }
        ring.endWriting();
        return written;
    }

    @Test
    void aBatchTakesOneSlot() {
        for (int i = 0; i < 8; i++) {
            one.addWritten(plain(WHOLE));
        }
        assertThat(ring.capacity()).isEqualTo(8);
        assertThat(ring.replay).isEqualTo(8 * WHOLE);
        assertThat(ring.replayBytes).isEqualTo(8 * WHOLE * 100);
        assertThat(ring.isWrittenOut()).isTrue();
        assertThat(events.size()).isEqualTo(8 * WHOLE);
    }

    @Test
    void aSmallBatchIsHeldEventByEvent() {
        one.addWritten(plain(EventBundles.LEAST_EVENTS - 1));
        assertThat(ring.bundledEvents).isZero();
        one.addWritten(plain(EventBundles.LEAST_EVENTS));
        assertThat(ring.bundledEvents).isEqualTo(EventBundles.LEAST_EVENTS);
    }

    @Test
    void soIsOneThatIsMoreThanAnEighthOfWhatIsKept() {
        ring.maxReplay = 8 * WHOLE - 1;
        one.addWritten(plain(WHOLE));
        assertThat(ring.bundledEvents).isZero();
        ring.maxReplay = 8 * WHOLE;
        ring.maxReplayBytes = 8 * WHOLE * 100 - 1;
        one.addWritten(plain(WHOLE));
        assertThat(ring.bundledEvents).isZero();
        ring.maxReplayBytes = 8 * WHOLE * 100;
        one.addWritten(plain(WHOLE));
        assertThat(ring.bundledEvents).isEqualTo(WHOLE);
    }

    @Test
    void aClientComesBackInTheMiddleOfABundle() {
        LogEvent[] first = plain(WHOLE);
        LogEvent[] second = plain(WHOLE);
        one.addWritten(first);
        one.addWritten(second);
        ring.rewind(40);
        assertThat(ring.ackedSeq()).isEqualTo(40);
        List<LogEvent> expected = new ArrayList<>(Arrays.asList(first).subList(40, WHOLE));
        expected.addAll(Arrays.asList(second));
        assertThat(writeAll()).isEqualTo(expected);
        assertThat(events.counters.replayed).isEqualTo(expected.size());
        assertThat(events.size()).isEqualTo(expected.size());
    }

    @Test
    void whatIsAcknowledgedInTheMiddleOfABundleIsForgotten() {
        one.addWritten(plain(WHOLE));
        one.addWritten(plain(WHOLE));
        ring.acknowledge(WHOLE + 24);
        assertThat(ring.ackedSeq()).isEqualTo(WHOLE + 24);
        assertThat(ring.replay).isEqualTo(40);
        assertThat(ring.replayBytes).isEqualTo(40 * 100);
        assertThat(events.size()).isEqualTo(40);
    }

    @Test
    void aBundleIsForgottenAsOneWhenTooMuchIsKept() {
        ring.maxReplay = 10 * WHOLE;
        ring.maxReplayBytes = 10 * WHOLE * 100;
        for (int i = 0; i < 10; i++) {
            one.addWritten(plain(WHOLE));
        }
        assertThat(ring.replay).isEqualTo(10 * WHOLE);
        one.add(one.plain(100));
        one.write(1);
        assertThat(ring.replay).isEqualTo(9 * WHOLE + 1);
        assertThat(ring.ackedSeq()).isEqualTo(WHOLE);
        assertThat(events.size()).isEqualTo(9 * WHOLE + 1);
    }

    @Test
    void bundlesAreForgottenByTheAgeOfTheirLastEvent() {
        one.addWritten(plain(16));
        one.addWritten(plain(16));
        assertThat(ring.forgetOlderThan(15)).isZero();
        assertThat(ring.forgetOlderThan(16)).isEqualTo(16);
        assertThat(ring.forgetOlderThan(99)).isEqualTo(16);
        assertThat(events.size()).isZero();
    }

    @Test
    void aRingThatIsClearedHoldsNoBundle() {
        long before = events.bytes();
        one.addWritten(plain(WHOLE));
        one.addPlain(3);
        assertThat(ring.clear()).isEqualTo(3);
        assertThat(events.size()).isZero();
        assertThat(events.bytes()).isEqualTo(before);
    }

    @Test
    void aBundleIsCountedAsLongAsARingHoldsIt() {
        long before = events.bytes();
        for (int i = 1; i < 100; i++) {
            one.addWritten(plain(WHOLE));
            assertThat(events.bytes() - before).isBetween(WHOLE * (100L + 4), WHOLE * (100L + 4) + 64);
            ring.acknowledge((long) i * WHOLE);
            assertThat(events.bytes()).isEqualTo(before);
        }
    }

    /** A ring does with bundles what it does without them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bundlesChangeNothingThatIsSeen(long seed) {
        Random random = new Random(seed);
        ring.maxReplay = 300;
        Deque<LogEvent> kept = new ArrayDeque<>();
        long last = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    LogEvent[] batch = plain(1 + random.nextInt(WHOLE));
                    one.addWritten(batch);
                    kept.addAll(Arrays.asList(batch));
                    last += batch.length;
                }
                case 3, 4 -> {
                    LogEvent next = one.plain(100);
                    one.add(next);
                    one.write(1);
                    kept.add(next);
                    last++;
                }
                case 5 -> ring.acknowledge(ring.ackedSeq() + random.nextInt(ring.replay + 1));
                case 6 -> ring.forgetOlderThan(events.nextAge() - random.nextInt(300));
                default -> {
                    long from = ring.ackedSeq() + random.nextInt(ring.replay + 1);
                    ring.rewind(from);
                    forget(kept, last - from);
                    assertThat(writeAll()).as("seed %s, step %s", seed, step).containsExactlyElementsOf(kept);
                }
            }
            assertThat(ring.replay).as("seed %s, step %s", seed, step).isBetween(0, 300);
            assertThat(ring.ackedSeq()).as("seed %s, step %s", seed, step).isEqualTo(last - ring.replay);
            assertThat(ring.replayBytes).isEqualTo(ring.replay * 100);
            assertThat(events.size()).isEqualTo(ring.replay);
            forget(kept, ring.replay);
            ring.settle();
        }
    }

    private static void forget(Deque<LogEvent> kept, long left) {
        while (kept.size() > left) {
            kept.remove();
        }
    }
}
