package dev.guildhall;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guild's answer to a session that wants to subscribe.
 *
 * @param isAccepted whether it is let in
 * @param interests what it gets; null for what it has asked for
 * @param welcome what it is sent just before its first event of the guild, whatever its interests
 */
public record Admission(boolean isAccepted, @Nullable Interests interests, List<Event> welcome) {
    private static final Admission ACCEPTED = new Admission(true, null, List.of());
    private static final Admission REFUSED = new Admission(false, null, List.of());

    /**
     * Copies the list.
     *
     * @param isAccepted whether it is let in
     * @param interests what it gets
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
     * @param interests what it gets
     * @return the answer
     */
    public static Admission accept(Interests interests) {
        return new Admission(true, Objects.requireNonNull(interests, "interests"), List.of());
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
        return new Admission(isAccepted, interests, Objects.requireNonNull(events, "events"));
    }
}
