package dev.guildhall;

import org.jspecify.annotations.Nullable;

/** Makes the handlers of guilds, given to {@link EngineBuilder#guildHandlers}. */
@FunctionalInterface
public interface GuildHandlerFactory {

    /**
     * Makes a handler for one start of a guild. Called by whoever looks the guild up first, and again in the guild's turn for each
     * restart; must be quick and not call the engine. What it throws reaches who looks the guild up.
     *
     * @param guildId the guild
     * @return a handler used by no other start of a guild, or null if the guild is a plain topic, which must be so for good
     */
    @Nullable
    GuildHandler create(String guildId);
}
