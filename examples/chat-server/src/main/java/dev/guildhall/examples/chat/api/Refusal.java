package dev.guildhall.examples.chat.api;

/** A request that is not granted: what the client is told, as an HTTP status and the documented code and message. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What may be wrong with a request. The codes are those of the publicly documented Discord API. */
    public enum Kind {
        BAD_REQUEST(400, 0, "400: Bad Request"),
        UNAUTHORIZED(401, 0, "401: Unauthorized"),
        NOT_FOUND(404, 0, "404: Not Found"),
        REQUEST_TIMEOUT(408, 0, "408: Request Timeout"),
        NAME_TAKEN(409, 0, "This name is taken"),
        UNKNOWN_CHANNEL(404, 10003, "Unknown Channel"),
        UNKNOWN_GUILD(404, 10004, "Unknown Guild"),
        UNKNOWN_INVITE(404, 10006, "Unknown Invite"),
        UNKNOWN_MEMBER(404, 10007, "Unknown Member"),
        UNKNOWN_MESSAGE(404, 10008, "Unknown Message"),
        UNKNOWN_USER(404, 10013, "Unknown User"),
        TOO_MANY_GUILDS(400, 30001, "Maximum number of guilds reached"),
        TOO_MANY_CHANNELS(400, 30013, "Maximum number of guild channels reached"),
        MISSING_ACCESS(403, 50001, "Missing Access"),
        NOT_THE_AUTHOR(403, 50005, "Cannot edit a message authored by another user"),
        MISSING_PERMISSIONS(403, 50013, "Missing Permissions"),
        INVALID_FORM(400, 50035, "Invalid Form Body"),
        OWNER_CANNOT_LEAVE(400, 50055, "The owner of a guild cannot leave it"),
        INVALID_JSON(400, 50109, "The request body contains invalid JSON"),
        UNAVAILABLE(503, 0, "503: Service Unavailable");

        private final int status;
        private final int code;
        private final String message;

        Kind(int status, int code, String message) {
            this.status = status;
            this.code = code;
            this.message = message;
        }

        public int status() {
            return status;
        }

        public int code() {
            return code;
        }
    }

    private final Kind kind;

    public Refusal(Kind kind) {
        this(kind, kind.message);
    }

    private Refusal(Kind kind, String message) {
        // A client's mistake is an answer, not an event to be traced.
        super(message, null, false, false);
        this.kind = kind;
    }

    /**
     * Something in the request has the wrong shape.
     *
     * @param problem names the field, the value's flaw and the bound
     * @return to be thrown
     */
    public static Refusal invalid(String problem) {
        return new Refusal(Kind.INVALID_FORM, Kind.INVALID_FORM.message + ": " + problem);
    }

    public Kind kind() {
        return kind;
    }

    /**
     * What the client is told.
     *
     * @return one line, never null
     */
    public String text() {
        return String.valueOf(getMessage());
    }
}
