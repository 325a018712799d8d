package dev.guildhall;

/** Why a guild's handler is stopped. */
public enum GuildStopReason {
    /** Nobody has used the guild for {@link EngineBuilder#guildIdleTimeout}. */
    PASSIVATED,
    /** The engine is closed. */
    ENGINE_CLOSED
}
