package dev.guildhall.internal;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a lane that wait for a turn. A few are looked at before the first of them has its turn, so that the processor
 * fetches what all of them will touch at once instead of one after the other. Lane only.
 */
final class TurnQueue {
    private static final int LOOK_AHEAD = 8;

    private final ArrayDeque<LocalSession> waiting = new ArrayDeque<>();
    private final @Nullable LocalSession[] next = new LocalSession[LOOK_AHEAD];
    private int index;
    private int count;

    private final Touched touched = new Touched();

    void add(LocalSession session) {
        waiting.add(session);
    }

    boolean isEmpty() {
        return index == count && waiting.isEmpty();
    }

    int size() {
        return waiting.size() + count - index;
    }

    @Nullable
    LocalSession poll() {
        if (index == count) {
            lookAhead();
        }
        if (count == 0) {
            return null;
        }
        LocalSession session = next[index];
        next[index++] = null;
        return session;
    }

    private void lookAhead() {
        index = 0;
        count = Math.min(LOOK_AHEAD, waiting.size());
        int sum = 0;
        for (int i = 0; i < count; i++) {
            LocalSession session = waiting.remove();
            next[i] = session;
            sum += session.touch();
        }
        touched.take(sum);
    }

    @Override
    public String toString() {
        return "TurnQueue[" + size() + "]";
    }
}
