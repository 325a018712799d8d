package dev.guildhall.transport.netty.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a server-sent event, which a client shows when it comes back.
 *
 * @param sessionId as READY told it
 * @param seq number of the dispatch
 */
record EventId(String sessionId, long seq) {
    static final char SEPARATOR = '.';

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{32})\\.([0-9]{1,10})");

    /** Null if it is none of the gateway's. */
    static @Nullable EventId parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches() ? new EventId(parts.group(1), Long.parseLong(parts.group(2))) : null;
    }
}
