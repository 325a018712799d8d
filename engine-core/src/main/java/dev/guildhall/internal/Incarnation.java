package dev.guildhall.internal;

import dev.guildhall.Guild;
import java.nio.charset.StandardCharsets;

/**
 * A guild between a start and the next: what all of its events share.
 *
 * @param guildId the guild
 * @param epoch its epoch
 */
record Incarnation(String guildId, long epoch) {

    /** Of events that were not published. */
    static final Incarnation NONE = new Incarnation("", 0L);

    /** The id inside a JSON string; it holds no control characters. */
    String jsonId() {
        return guildId.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** An object with both. */
    byte[] json() {
        return ("{\"guild_id\":\"" + jsonId() + "\",\"epoch\":" + epoch + "}").getBytes(StandardCharsets.UTF_8);
    }

    static String requireValidId(String id) {
        if (id.isEmpty() || id.length() > Guild.MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "a guild's id must have 1 to " + Guild.MAX_ID_LENGTH + " characters, had " + id.length());
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (Character.isISOControl(c) || (Character.isSurrogate(c) && !isPaired(id, i))) {
                throw new IllegalArgumentException(
                        "a guild's id must be plain text, had \\u%04x at index %d".formatted((int) c, i));
            }
        }
        return id;
    }

    private static boolean isPaired(String id, int i) {
        return Character.isHighSurrogate(id.charAt(i))
                ? i + 1 < id.length() && Character.isLowSurrogate(id.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(id.charAt(i - 1));
    }

    @Override
    public String toString() {
        return guildId + "@" + epoch;
    }
}
