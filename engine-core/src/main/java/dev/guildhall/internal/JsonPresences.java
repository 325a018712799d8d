package dev.guildhall.internal;

import dev.guildhall.Activity;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceEncoder;
import dev.guildhall.PresenceUpdate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Presence as JSON, written by hand because the engine has no JSON library. */
public final class JsonPresences implements PresenceEncoder {
    private static final int BYTES_PER_USER = 64;

    /** Makes an encoder; it holds nothing. */
    public JsonPresences() {}

    @Override
    public byte[] encode(String guildId, List<PresenceUpdate> updates) {
        StringBuilder json = new StringBuilder(BYTES_PER_USER * (updates.size() + 1));
        json.append("{\"guild_id\":");
        appendText(json, guildId);
        json.append(",\"presences\":[");
        for (int i = 0; i < updates.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            append(json, updates.get(i));
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder json, PresenceUpdate update) {
        json.append("{\"user\":");
        appendText(json, update.user());
        json.append(",\"status\":\"").append(name(update.status())).append("\",\"activity\":");
        Activity activity = update.activity();
        if (activity.isNone()) {
            json.append("null}");
        } else {
            String base64 = Base64.getEncoder().encodeToString(activity.toByteArray());
            json.append('"').append(base64).append("\"}");
        }
    }

    private static String name(Status status) {
        return switch (status) {
            case OFFLINE, INVISIBLE -> "offline";
            case IDLE -> "idle";
            case ONLINE -> "online";
            case DO_NOT_DISTURB -> "dnd";
        };
    }

    /** Surrogates are escaped too: one without its other half has no form in UTF-8. */
    private static void appendText(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    @Override
    public String toString() {
        return "PresenceEncoder.JSON";
    }
}
