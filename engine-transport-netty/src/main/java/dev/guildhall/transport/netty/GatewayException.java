package dev.guildhall.transport.netty;

import java.io.Serial;
import java.util.Objects;

/** Thrown by application code to close a client for its mistake. It is not logged and carries no stack trace. */
public final class GatewayException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Tells the client whether to come back. */
    private final GatewayCloseCode code;

    /**
     * A reason to close a client.
     *
     * @param code tells the client whether to come back
     * @param reason one sentence for a person, sent to the client; at most the first 123 bytes of its UTF-8 form
     */
    public GatewayException(GatewayCloseCode code, String reason) {
        super(Objects.requireNonNull(reason, "reason"), null, false, false);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * The close code.
     *
     * @return what the client is closed with
     */
    public GatewayCloseCode code() {
        return code;
    }

    /**
     * The sentence for a person.
     *
     * @return the message, never null
     */
    public String reason() {
        return Objects.requireNonNull(getMessage());
    }
}
