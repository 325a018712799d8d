package dev.guildhall;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guild's answer to a session that wants to subscribe.
 *
 * @param isAccepted whether it is let in
 * @param mask the interest bits that it gets; null for those it has asked for
 * @param welcome what it is sent just before its first event of the guild, whatever its interests
 */
public record Admission(boolean isAccepted, @Nullable Long mask, List<Event> welcome) {
    private static final Admission ACCEPTED = new Admission(true, null, List.of());
    private static final Admission REFUSED = new Admission(false, 0L, List.of());

    /**
     * Copies the list.
     *
     * @param isAccepted whether it is let in
     * @param mask the interest bits
     * @param welcome what it is sent first
     */
    public Admission {
        welcome = List.copyOf(welcome);
    }

    /**
     * Lets the session in with the interests that it has asked for.
     *
     * @return the answer
     */
    public static Admission accept() {
        return ACCEPTED;
    }

    /**
     * Lets the session in with these interests and no others.
     *
     * @param mask the interest bits
     * @return the answer
     */
    public static Admission accept(long mask) {
        return new Admission(true, mask, List.of());
    }

    /**
     * The session's subscription gets {@link Outcome#REFUSED}.
     *
     * @return the answer
     */
    public static Admission refuse() {
        return REFUSED;
    }

    /**
     * Sends the session something before its first event of the guild, such as the present state.
     *
     * @param events in this order; they get no offsets
     * @return an answer like this one with these events
     */
    public Admission withWelcome(List<Event> events) {
        return new Admission(isAccepted, mask, Objects.requireNonNull(events, "events"));
    }
}
