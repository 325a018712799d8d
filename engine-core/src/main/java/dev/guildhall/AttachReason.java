package dev.guildhall;

/** How a connection came to be attached to a session. */
public enum AttachReason {
    /** The session was opened with it. */
    OPENED,
    /** The client came back after it had lost its connection. */
    RESUMED,
    /** The client came back while its former connection still looked alive, and took its place. */
    TAKEN_OVER
}
