package dev.guildhall.bench.load;

/** The load cannot be run as it was asked for. The message is one sentence for a person, and says what to change. */
final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoadException(String message) {
        super(message);
    }

    LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
