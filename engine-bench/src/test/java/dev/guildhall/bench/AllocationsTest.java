package dev.guildhall.bench;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The allocations of the counted paths, to the byte. A count is exact and the same each time, unlike a time, so whoever adds an object to one
 * of these paths is told here, and whoever takes one away writes down the gain.
 */
@Timeout(120)
class AllocationsTest {
    /** Of an event that is published: its place in the guild. */
    private static final long PLACE = 48;

    private static final long RECEIPT = 32;

    /** Of a lane that is woken. */
    private static final long WAKING = 64;

    /** Of a change of presence that is told. */
    private static final long TOLD = 1_792;

    private static final long TIMES = CountedPath.TIMES;

    /** A delivery makes nothing, whatever the number of receivers. */
    private static final Map<CountedPath, Long> EXPECTED = Map.ofEntries(
            entry(CountedPath.PUBLISH, TIMES * (PLACE + RECEIPT)),
            entry(CountedPath.TRY_PUBLISH, TIMES * PLACE),
            entry(CountedPath.INLINE, TIMES * (PLACE + RECEIPT) + WAKING),
            entry(CountedPath.INLINE_SESSION_MAJOR, TIMES * (PLACE + RECEIPT) + WAKING),
            entry(CountedPath.RING, TIMES * (PLACE + RECEIPT) + WAKING),
            entry(CountedPath.RING_SESSION_MAJOR, TIMES * (PLACE + RECEIPT) + WAKING),
            entry(CountedPath.SEND, TIMES * 168),
            entry(CountedPath.OPEN_AND_CLOSE, TIMES * 2_136),
            entry(CountedPath.SUBSCRIBE, TIMES * 1_880),
            entry(CountedPath.RESUME, TIMES * 3_376),
            entry(CountedPath.MOVE, TIMES * 5_088),
            entry(CountedPath.PRESENCE, (TIMES + 1) * 64 + TOLD),
            entry(CountedPath.GUILD_START, TIMES * 1_384),
            entry(CountedPath.GATEWAY_WRITE, 0L));

    @Test
    void everyPathAllocatesWhatItDid() throws Exception {
        List<String> lines = AllocationsCommand.count();
        Map<CountedPath, Long> counted = new EnumMap<>(CountedPath.class);
        for (CountedPath path : CountedPath.values()) {
            if (path.isPossible()) {
                counted.put(path, (long) Figures.find(AllocationsCommand.figure(path), lines));
            }
        }
        Map<CountedPath, Long> expected = new EnumMap<>(EXPECTED);
        expected.keySet().retainAll(counted.keySet()); // where there is no epoll, nothing is written past the pipeline
        assertThat(counted).isEqualTo(expected);
    }
}
