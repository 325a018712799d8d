package dev.guildhall.examples.chat.gateway;

import dev.guildhall.Event;
import dev.guildhall.examples.chat.api.GuildShapes;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.transport.netty.EventEncoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * Tells clients in the public protocol's way that a guild has failed: as {@code GUILD_DELETE} of a guild that is unavailable. That it
 * works again they learn from a {@code GUILD_CREATE}.
 */
public final class FailedGuild implements EventEncoder {

    @Override
    public String name(Event event) {
        return "GUILD_DELETE";
    }

    @Override
    public byte[] toJson(Event event) {
        JsonNode notice = Json.read(event.text().getBytes(StandardCharsets.UTF_8));
        long guildId = Snowflakes.parse(notice.path("guild_id").asString());
        return Json.write(GuildShapes.guildDeleted(guildId).put("unavailable", true));
    }
}
