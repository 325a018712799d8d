package dev.guildhall;

import java.util.List;
import java.util.Objects;

/**
 * What the sessions of a user say together, at one moment. The status is that of the session that is most present, in the order of
 * {@link Status}; the activity is of the same session. Among sessions of equal status it is the one that set its presence last.
 *
 * @param status {@link Status#OFFLINE} if the user has no open session
 * @param activity of the session whose status it is
 * @param devices one for each open session, oldest first; a session that waits to be resumed counts with what it last said
 */
public record Presence(Status status, Activity activity, List<Device> devices) {

    /** How present somebody is, from least to most. */
    public enum Status {
        /** Without an open session. Never set by a session. */
        OFFLINE,
        /** There, but shown to others as {@link #OFFLINE}. */
        INVISIBLE,
        /** There, but not looking. */
        IDLE,
        /** There. */
        ONLINE,
        /** There, and not to be disturbed: asked for on one device, it holds for all. */
        DO_NOT_DISTURB;

        /**
         * What others see.
         *
         * @return {@link #OFFLINE} for {@link #INVISIBLE}, otherwise the status itself
         */
        public Status shown() {
            return this == INVISIBLE ? OFFLINE : this;
        }
    }

    /**
     * One session of a user.
     *
     * @param name what {@link SessionOptions#device()} says, the empty string if nothing
     * @param status of this session
     * @param activity of this session
     * @param attached false while the session waits to be resumed
     */
    public record Device(String name, Status status, Activity activity, boolean attached) {

        /**
         * Checks the parts.
         *
         * @param name what it is called
         * @param status of this session
         * @param activity of this session
         * @param attached whether a connection is attached
         */
        public Device {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(activity, "activity");
        }
    }

    /** Of somebody without a session. */
    public static final Presence OFFLINE = new Presence(Status.OFFLINE, Activity.NONE, List.of());

    /**
     * Checks the parts.
     *
     * @param status merged
     * @param activity merged
     * @param devices copied
     */
    public Presence {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(activity, "activity");
        devices = List.copyOf(devices);
    }
}
