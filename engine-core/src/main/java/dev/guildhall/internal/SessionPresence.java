package dev.guildhall.internal;

import dev.guildhall.Activity;
import dev.guildhall.Presence.Status;

/**
 * What one session says of its user.
 *
 * @param status how present
 * @param activity what is done
 * @param order larger than that of everything said before by a session of the user; 0 if the session has said nothing yet
 */
record SessionPresence(Status status, Activity activity, long order) {

    /** Whether this is what the user shows, rather than the other. */
    boolean outdoes(SessionPresence other) {
        int byStatus = status.compareTo(other.status);
        return byStatus > 0 || (byStatus == 0 && order > other.order);
    }
}
