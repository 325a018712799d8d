package dev.guildhall.internal;

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

    @Override
    public String toString() {
        return guildId + "@" + epoch;
    }
}
