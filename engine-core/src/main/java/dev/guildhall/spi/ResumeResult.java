package dev.guildhall.spi;

/** What became of a {@link ResumeRequest}: complete or refused, never in part. */
public sealed interface ResumeResult {

    /**
     * The connection is attached. What the client lacks is written next, then an event of type
     * {@link dev.guildhall.Event#RESUMED}, then what is new; the first has the number after the one the client named.
     *
     * @param attachment the engine's end of the link
     */
    record Resumed(Attachment attachment) implements ResumeResult {}

    /**
     * The connection is not attached and was not touched. A live connection of the session stays as it was, unless the session had
     * begun to move: with {@link Reason#EVENTS_LOST}, or {@link Reason#EXPIRED} because it was closed on its way.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements ResumeResult {}

    /** Why a resume was refused. Only {@link #OVERLOADED} is worth another try. */
    enum Reason {
        /** No session has this id and this secret, or it belongs to another user. */
        UNKNOWN,
        /** The session is over: its window ran out, or it was closed. */
        EXPIRED,
        /** The session was never sent an event with this number. */
        SEQ_AHEAD,
        /** Events after this number are no longer kept. */
        SEQ_TRIMMED,
        /** The sequence number is negative. */
        SEQ_INVALID,
        /** A guild's log dropped events while the session moved to another lane; the session has ended. */
        EVENTS_LOST,
        /** Too many resumes are under way, or the application's listener is far behind with this session. */
        OVERLOADED,
        /** The engine is closing. */
        ENGINE_CLOSED
    }
}
