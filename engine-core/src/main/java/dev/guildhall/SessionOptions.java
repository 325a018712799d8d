package dev.guildhall;

/**
 * How a session is set up.
 *
 * @param inline whether an in-process subscriber is called on the lane itself
 * @param maxBacklogEvents how many undelivered events the session may hold before it counts as a slow consumer; 128 to
 *     1,048,576. A lane appends up to 64 events of a guild before the session gets its turn
 */
public record SessionOptions(boolean inline, int maxBacklogEvents) {

    /** Default bound of a session's backlog, in events. */
    public static final int DEFAULT_MAX_BACKLOG_EVENTS = 4096;

    /** Own ring, virtual thread, default backlog. */
    public static final SessionOptions DEFAULT = new SessionOptions(false, DEFAULT_MAX_BACKLOG_EVENTS);

    /**
     * Checks the bounds.
     *
     * @param inline whether the subscriber is called on the lane
     * @param maxBacklogEvents bound of the backlog
     * @throws IllegalArgumentException if the bound is out of range
     */
    public SessionOptions {
        if (maxBacklogEvents < 128 || maxBacklogEvents > 1 << 20) {
            throw new IllegalArgumentException(
                    "maxBacklogEvents must be between 128 and 1048576, was " + maxBacklogEvents);
        }
    }

    /**
     * The subscriber is called on the session's lane, between the deliveries to others: fastest, and for code that never
     * blocks only. One that blocks holds up every session of its lane.
     *
     * @return these options with {@code inline} set
     */
    public SessionOptions withInline() {
        return new SessionOptions(true, maxBacklogEvents);
    }

    /**
     * Changes the bound of the backlog.
     *
     * @param events the bound, in events
     * @return these options with the bound set
     */
    public SessionOptions withMaxBacklogEvents(int events) {
        return new SessionOptions(inline, events);
    }
}
