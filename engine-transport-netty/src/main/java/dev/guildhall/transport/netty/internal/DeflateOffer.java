package dev.guildhall.transport.netty.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client's offer of permessage-deflate that this gateway can accept (RFC 7692, sections 5.1 and 7.1). It inflates with any window, and
 * deflates with a window of 32 KiB only.
 *
 * @param withoutTakeover whether the client asks that no message refers to those before it
 * @param namesServerWindow whether it bounds the window, by the 32 KiB that it has at most
 */
record DeflateOffer(boolean withoutTakeover, boolean namesServerWindow) {
    private static final String NAME = "permessage-deflate";
    private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");
    private static final String LARGEST_WINDOW = "15";

    /**
     * The first offer that can be accepted, null if there is none.
     *
     * @param headers each a list of extensions with parameters
     */
    static @Nullable DeflateOffer firstOf(List<String> headers) {
        for (String header : headers) {
            for (String extension : header.split(",", -1)) {
                DeflateOffer offer = read(extension);
                if (offer != null) {
                    return offer;
                }
            }
        }
        return null;
    }

    private static @Nullable DeflateOffer read(String extension) {
        String[] parts = extension.split(";", -1);
        if (!parts[0].strip().equals(NAME)) {
            return null;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String name = pair[0].strip();
            String value = pair.length < 2 ? null : unquoted(pair[1].strip());
            if (!seen.add(name) || !canBeMet(name, value)) {
                return null;
            }
        }
        return new DeflateOffer(seen.contains("server_no_context_takeover"), seen.contains("server_max_window_bits"));
    }

    private static boolean canBeMet(String name, @Nullable String value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            case "client_max_window_bits" ->
                value == null || WINDOW_BITS.matcher(value).matches();
            case "server_max_window_bits" -> LARGEST_WINDOW.equals(value);
            default -> false;
        };
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /**
     * The answer. Clients send little, so what they send never refers to earlier messages, and inflating takes no memory between them.
     *
     * @param serverTakeover whether messages of the gateway may refer to those before
     */
    String accepted(boolean serverTakeover) {
        return NAME
                + (serverTakeover ? "" : "; server_no_context_takeover")
                + "; client_no_context_takeover"
                + (namesServerWindow ? "; server_max_window_bits=" + LARGEST_WINDOW : "");
    }
}
