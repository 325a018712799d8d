package dev.guildhall;

import java.time.Duration;

/**
 * Application code that is told when guilds fail, given to {@link EngineBuilder#guildListener}. Called in the guild's turn, so calls for
 * one guild are in order and may block; the guild waits for them. What they throw is logged.
 */
public interface GuildListener {

    /**
     * A guild's handler has failed and will be started again.
     *
     * @param guild the guild
     * @param failure what was thrown
     * @param restartsIn time until then
     */
    default void onFailed(Guild guild, Throwable failure, Duration restartsIn) {}

    /**
     * A guild's handler has failed too often: the guild stays down until {@link Engine#revive}.
     *
     * @param guild the guild
     * @param failure what was thrown the last time
     */
    default void onDown(Guild guild, Throwable failure) {}

    /**
     * A guild is available again.
     *
     * @param guild the guild, with its new epoch
     */
    default void onAvailable(Guild guild) {}
}
