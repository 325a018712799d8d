package dev.guildhall;

/**
 * What a {@link GuildHandler} can do with its guild. To be used in the handler's calls only, on their thread; elsewhere each method
 * throws {@link IllegalStateException}.
 */
public interface GuildContext {

    /**
     * The guild, for others: to keep, to ask for its id, epoch and history.
     *
     * @return the guild
     */
    Guild guild();

    /**
     * The engine.
     *
     * @return the engine that the guild belongs to
     */
    Engine engine();

    /**
     * Publishes in the guild without asking the handler. Waits while the guild's log is full, which a lane that stands still ends after
     * {@link EngineBuilder#laneStallLimit}.
     *
     * @param event what to publish
     * @return the event's place; {@link Outcome#ENQUEUED} without a place in {@link GuildHandler#onStart}, whose events follow
     *     {@link Event#GUILD_AVAILABLE}; {@link Outcome#CLOSED} in {@link GuildHandler#onStop}
     */
    Receipt publish(Event event);
}
