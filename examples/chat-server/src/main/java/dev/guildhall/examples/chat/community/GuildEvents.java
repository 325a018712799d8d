package dev.guildhall.examples.chat.community;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.examples.chat.api.Json;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * One order per guild for what is stored and what is published, so that nobody sees a later message id before an earlier one,
 * or an edit before its message.
 *
 * <p><b>Locks.</b> A guild's changes run under its lock, one of {@link StripedLocks}: read what the change depends
 * on, take ids, store, commit, publish, in that order, inside {@link #inOrder}. A snapshot for a session that arrives is taken
 * and sent under the same lock, so each change is either in the snapshot or published after it. Two guilds may share a lock;
 * therefore nobody asks for a second guild's order while inside one, which {@link #inOrder} checks. Lock order: a lock
 * of a person, for presence or for memberships, before a guild's, never the other way round.
 *
 * <p>Publishing waits inside the lock while the guild's log is full. That is the engine's back pressure reaching those who
 * post in this guild; it is bounded by the engine's lane stall limit.
 */
public final class GuildEvents {
    private final Supplier<Engine> engine;
    private final StripedLocks locks = new StripedLocks();

    /**
     * The guilds of an engine.
     *
     * @param engine may block until the engine is open
     */
    public GuildEvents(Supplier<Engine> engine) {
        this.engine = engine;
    }

    /**
     * Runs a change while no other change of this guild runs. Blocks; not to be called on a lane.
     *
     * @throws IllegalStateException if the thread is inside some guild's order already
     */
    <T> T inOrder(long guildId, Supplier<T> change) {
        if (locks.isHeldForAny()) {
            throw new IllegalStateException("A change of guild " + guildId + " inside another guild's change");
        }
        return locks.holding(guildId, change);
    }

    /**
     * Publishes to the members that asked for this kind of event. If the engine is closing nobody gets it any more, and
     * clients find the change in the database when they are back.
     *
     * @throws IllegalStateException outside {@link #inOrder}
     */
    void publish(long guildId, String type, long intent, JsonNode payload) {
        if (!locks.isHeldFor(guildId)) {
            throw new IllegalStateException(type + " published outside the order of guild " + guildId);
        }
        guild(guildId).publish(event(type, payload).needing(intent));
    }

    /** Publishes what is worth nothing a moment later: no order with stored changes, and dropped when the log is full. */
    void publishFleeting(long guildId, String type, long intent, JsonNode payload) {
        guild(guildId).tryPublish(event(type, payload).needing(intent));
    }

    Guild guild(long id) {
        return engine.get().guild(Long.toString(id));
    }

    static Event event(String type, JsonNode payload) {
        return Event.of(type, Json.write(payload));
    }
}
