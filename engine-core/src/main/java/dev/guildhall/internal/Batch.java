package dev.guildhall.internal;

import java.util.Arrays;

/** Events of one guild that are delivered session by session, and what they have in common. Lane only. */
final class Batch {
    final LogEvent[] events = new LogEvent[Slice.MAX_WRITTEN];

    /** The places of the events in the lane's {@link EventTable}, if the receivers have rings. */
    final int[] places = new int[Slice.MAX_WRITTEN];

    int size;

    /** How many rings took all events, which are not counted as holders of them yet. */
    int wholeRings;

    /** All events as one in the lane's {@link EventBundles}, or 0 as long as no ring took them so. */
    int bundle;

    /** How many may get the events, if the receivers have rings. */
    int receivers;

    /** How many rings took the bundle, which are not counted as its holders yet. */
    int bundleRings;

    /** Nominal bytes of all events. */
    long bytes;

    /** Every bit that an event needs: whoever has them all gets all events. */
    long needs;

    /** Bits that every event needs: whoever lacks one gets none of them. */
    long commonNeeds;

    /** Whether no event is delivered in a special way. */
    boolean isPlain;

    /** Whether receivers are written by the walk if they can be, and need no turn. */
    boolean writesThrough;

    /** Takes the first events out of {@code waiting}. */
    void take(LogEvent[] waiting, int count) {
        System.arraycopy(waiting, 0, events, 0, count);
        Arrays.fill(waiting, 0, count, null);
        size = count;
        wholeRings = 0;
        bundle = 0;
        bundleRings = 0;
        bytes = 0;
        needs = 0;
        commonNeeds = -1L;
        isPlain = true;
        writesThrough = false;
        for (int i = 0; i < count; i++) {
            LogEvent event = events[i];
            bytes += event.weight();
            needs |= event.need;
            commonNeeds &= event.need;
            isPlain &= event.cost > 0;
        }
    }

    void clear() {
        Arrays.fill(events, 0, size, null);
        size = 0;
    }

    @Override
    public String toString() {
        return "Batch[" + size + " events of " + bytes + " bytes]";
    }
}
