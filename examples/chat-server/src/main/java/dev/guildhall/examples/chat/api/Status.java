package dev.guildhall.examples.chat.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How present somebody is, the most present first: of a person's several devices the most present one counts. */
public enum Status {
    ONLINE,
    DND,
    IDLE,
    INVISIBLE,
    OFFLINE;

    /**
     * Reads a status from a client.
     *
     * @param text as the client sent it
     * @return empty if it is no status
     */
    public static Optional<Status> parse(String text) {
        return Arrays.stream(values()).filter(s -> s.wire().equals(text)).findFirst();
    }

    /**
     * What others are told.
     *
     * @return this, but {@link #OFFLINE} for somebody invisible
     */
    public Status seenByOthers() {
        return this == INVISIBLE ? OFFLINE : this;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
