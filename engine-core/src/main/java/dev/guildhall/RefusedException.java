package dev.guildhall;

/** Thrown by a {@link GuildHandler} to say no: whoever asked is told, and the guild goes on. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says no.
     *
     * @param message why, for who asked
     */
    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
