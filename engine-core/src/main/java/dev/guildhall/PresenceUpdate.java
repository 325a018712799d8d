package dev.guildhall;

import dev.guildhall.Presence.Status;
import java.util.Objects;

/**
 * What a guild is told about one user.
 *
 * @param user who
 * @param status as others see it: never {@link Status#INVISIBLE}
 * @param activity {@link Activity#NONE} if there is none or the status is {@link Status#OFFLINE}
 */
public record PresenceUpdate(String user, Status status, Activity activity) {

    /**
     * Checks the parts.
     *
     * @param user who
     * @param status as others see it
     * @param activity what it is doing
     * @throws IllegalArgumentException if the status is invisible
     */
    public PresenceUpdate {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(activity, "activity");
        if (status != status.shown()) {
            throw new IllegalArgumentException("an update's status must be one that others see, was " + status);
        }
    }
}
