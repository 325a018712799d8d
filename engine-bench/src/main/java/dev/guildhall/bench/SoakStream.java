package dev.guildhall.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What one session got of one guild. Every event from the subscription's first offset on has to come once, in order, or lie
 * within a gap that the session was told of before the event that follows. Of one thread.
 */
final class SoakStream {
    private static final long UNKNOWN = -1;

    /** Offsets that the session was told it lost, since the last event. */
    private record Gap(long from, long to) {
        boolean covers(long offset) {
            return from <= offset && offset <= to;
        }
    }

    private final String name;
    private final SoakLedger ledger;
    private final SoakTally tally;
    private final List<Gap> gaps = new ArrayList<>();
    private long firstOffset = UNKNOWN;
    private long firstSeen = UNKNOWN;
    private long next = UNKNOWN;
    private long newestEphemeral = UNKNOWN;

    SoakStream(String name, SoakLedger ledger, SoakTally tally) {
        this.name = name;
        this.ledger = ledger;
        this.tally = tally;
    }

    boolean isBegun() {
        return firstOffset != UNKNOWN;
    }

    /** The client has been told where its subscription begins, which may be after its first events. */
    void begin(long offset) {
        if (isBegun()) {
            return;
        }
        firstOffset = offset;
        long first = ledger.firstFrom(offset);
        if (next == UNKNOWN) {
            next = first;
        } else {
            missing(first, firstSeen);
            gaps.clear();
        }
    }

    void receive(long number) {
        if (next == UNKNOWN) {
            firstSeen = number;
        } else if (number < next) {
            tally.unaccounted(name + ": event " + number + " came when " + next + " was due");
            return;
        } else {
            missing(next, number);
        }
        if (isBegun()) {
            gaps.clear();
        }
        next = number + 1;
        tally.delivered();
    }

    /** An event that may be dropped, but neither repeated nor overtaken. */
    void receiveEphemeral(long number) {
        if (number <= newestEphemeral) {
            tally.unaccounted("ephemeral event " + number + " came after " + newestEphemeral);
            return;
        }
        newestEphemeral = number;
        tally.ephemeral();
    }

    void gap(long from, long to) {
        gaps.add(new Gap(from, to));
        tally.gap();
    }

    /** Whether everything that was published has come, or the session was told that it is lost. */
    boolean isComplete() {
        if (!isBegun()) {
            return false;
        }
        for (long number = next; number < ledger.published(); number++) {
            if (isDue(ledger.offset(number))) {
                return false;
            }
        }
        return true;
    }

    /** Nothing more is to come: what did not come is judged. */
    void settle() {
        if (!isBegun()) {
            tally.unaccounted("a subscription was never told where it begins");
            return;
        }
        missing(next, ledger.published());
        next = ledger.published();
        gaps.clear();
    }

    private void missing(long from, long to) {
        for (long number = from; number < to; number++) {
            long offset = ledger.offset(number);
            if (isInGap(offset)) {
                tally.toldAsGap();
            } else if (isDue(offset)) {
                tally.unaccounted(name + ", subscribed from " + firstOffset + ": event " + number + " at offset "
                        + offset + " did not come before " + to + "; gaps " + gaps);
            }
        }
    }

    /**
     * Not in a gap, nor from before the subscription: when it began, the publisher may not have recorded yet what was ordered just
     * before.
     */
    private boolean isDue(long offset) {
        return (offset == SoakLedger.FORGOTTEN || offset >= firstOffset) && !isInGap(offset);
    }

    private boolean isInGap(long offset) {
        return gaps.stream().anyMatch(gap -> gap.covers(offset));
    }
}
