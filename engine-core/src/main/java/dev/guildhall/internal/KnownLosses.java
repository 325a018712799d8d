package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * Events that a session lost lately, as ranges of offsets in a guild: what a GAP told it, and ephemeral events that were dropped. A
 * ring forgets a notice that was acknowledged, and then a lost event would look like one that was. Only sessions that have lost
 * something have one. Lane only.
 */
final class KnownLosses {
    private static final int KEPT = 8;

    private final @Nullable Incarnation[] guilds = new Incarnation[KEPT];
    private final long[] first = new long[KEPT];
    private final long[] last = new long[KEPT];
    private int next;
    private boolean forgetful;

    /** The events {@code from} to {@code to} are lost, as far as the session should have had them. */
    void add(Incarnation guild, long from, long to) {
        for (int i = 0; i < KEPT; i++) {
            if (guilds[i] == guild && from <= last[i] + 1 && to >= first[i] - 1) {
                first[i] = Math.min(first[i], from);
                last[i] = Math.max(last[i], to);
                return;
            }
        }
        forgetful |= guilds[next] != null;
        guilds[next] = guild;
        first[next] = from;
        last[next] = to;
        next = (next + 1) % KEPT;
    }

    boolean contains(Incarnation guild, long offset) {
        for (int i = 0; i < KEPT; i++) {
            if (guilds[i] == guild && first[i] <= offset && offset <= last[i]) {
                return true;
            }
        }
        return false;
    }

    /** Whether there were more losses than are known. */
    boolean isForgetful() {
        return forgetful;
    }

    @Override
    public String toString() {
        return "KnownLosses[" + (forgetful ? "some forgotten" : next + " ranges") + "]";
    }
}
