package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The allocations of the hot paths, to the byte. A count is exact and the same each time, unlike a time, so whoever adds an object to one
 * of these paths is told here, and whoever takes one away writes down the gain.
 */
@Timeout(120)
class AllocationsTest {
    /** Of an event that is published: its place in the guild. */
    private static final long PLACE = 48;

    private static final long RECEIPT = 32;

    /** Of a lane that is woken. */
    private static final long WAKING = 64;

    private static final long EVENTS = HotPath.EVENTS;

    /** A delivery makes nothing, whatever the number of receivers. */
    private static final Map<HotPath, Long> EXPECTED = new EnumMap<>(Map.of(
            HotPath.PUBLISH,
            EVENTS * (PLACE + RECEIPT),
            HotPath.TRY_PUBLISH,
            EVENTS * PLACE,
            HotPath.INLINE,
            EVENTS * (PLACE + RECEIPT) + WAKING,
            HotPath.INLINE_SESSION_MAJOR,
            EVENTS * (PLACE + RECEIPT) + WAKING,
            HotPath.RING,
            EVENTS * (PLACE + RECEIPT) + WAKING,
            HotPath.RING_SESSION_MAJOR,
            EVENTS * (PLACE + RECEIPT) + WAKING,
            HotPath.SEND,
            EVENTS * 168,
            HotPath.GATEWAY_WRITE,
            0L));

    @Test
    void hotPathsAllocateWhatTheyDid() throws Exception {
        List<String> lines = AllocationsCommand.count();
        Map<HotPath, Long> counted = new EnumMap<>(HotPath.class);
        for (HotPath path : HotPath.values()) {
            if (path.isPossible()) {
                counted.put(path, (long) Figures.find(AllocationsCommand.figure(path), lines));
            }
        }
        Map<HotPath, Long> expected = new EnumMap<>(EXPECTED);
        expected.keySet().retainAll(counted.keySet()); // where there is no epoll, nothing is written past the pipeline
        assertThat(counted).isEqualTo(expected);
    }
}
