package dev.guildhall;

import dev.guildhall.internal.JsonPresences;
import java.util.List;

/** Makes the payload of events of type {@link Event#PRESENCE_UPDATE}. */
@FunctionalInterface
public interface PresenceEncoder {

    /**
     * The default:
     * {@code {"guild_id":"g","presences":[{"user":"ann","status":"online","activity":"aGk="}]}}.
     * The status is {@code offline}, {@code idle}, {@code online} or {@code dnd}, the activity in Base64, or null
     * if there is none.
     */
    PresenceEncoder JSON = new JsonPresences();

    /**
     * Encodes what has changed. Called on the engine's executor for blocking code, for several guilds at the same time and for each
     * guild by one thread at a time. If it throws, the guild is not told these updates; that is counted
     * ({@link EngineStats#subscriberFailures()}) and logged.
     *
     * @param guildId the guild that is told
     * @param updates at least one, at most {@link PresenceOptions#usersPerEvent()}, and one for each user
     * @return the payload; ownership passes to the engine
     */
    byte[] encode(String guildId, List<PresenceUpdate> updates);
}
