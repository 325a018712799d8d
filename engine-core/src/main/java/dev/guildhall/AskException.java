package dev.guildhall;

import org.jspecify.annotations.Nullable;

/** A command got no reply, for a reason that lies with the guild and not with the command. */
public final class AskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /**
     * Made by the engine.
     *
     * @param outcome why there is no reply
     * @param message the same for a person
     * @param cause what the handler threw, if that is why
     */
    public AskException(Outcome outcome, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /**
     * Why there is no reply.
     *
     * @return {@link Outcome#BACK_PRESSURED} if too many commands wait, {@link Outcome#UNAVAILABLE} if the handler has failed,
     *     on this command or before, {@link Outcome#REFUSED} beyond {@link EngineBuilder#maxGuilds}, {@link Outcome#CLOSED}
     */
    public Outcome outcome() {
        return outcome;
    }
}
