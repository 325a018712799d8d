package dev.guildhall;

import dev.guildhall.internal.LocalEngine;
import dev.guildhall.spi.Transport;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The engine that an application embeds: a registry of guilds, sessions on lanes, and the transports that bring connections.
 *
 * <p>An engine holds no global state; any number may live in one process. It starts no platform thread of its own: lanes and
 * subscribers run on virtual threads unless the {@linkplain EngineBuilder builder} is given executors.
 */
public sealed interface Engine extends AutoCloseable permits LocalEngine {

    /**
     * An engine with defaults: in-process sessions, no transport.
     *
     * @return a running engine
     */
    static Engine open() {
        return builder().open();
    }

    /**
     * Configures an engine.
     *
     * @return a builder with defaults
     */
    static EngineBuilder builder() {
        return new EngineBuilder();
    }

    /**
     * Finds the guild or starts it.
     *
     * @param id 1 to {@value Guild#MAX_ID_LENGTH} characters without control characters
     * @return the guild; the same instance for the same id as long as it is active. Keep it or ask again, as you like: a guild that
     *     {@linkplain EngineBuilder#guildIdleTimeout ends because nobody uses it} is started anew by its next use. Beyond
     *     {@link EngineBuilder#maxGuilds} its answer to everything is {@link Outcome#REFUSED} until there is room, and in a closed
     *     engine {@link Outcome#CLOSED}
     * @throws IllegalArgumentException if the id is not allowed
     * @throws RuntimeException what the {@link GuildHandlerFactory} throws
     */
    Guild guild(String id);

    /**
     * Starts a guild again whose handler has failed more often than {@link GuildOptions} allows.
     *
     * @param id the guild's id
     * @return false if it is not down
     */
    boolean revive(String id);

    /**
     * Opens a session whose events go to application code in this process; the same as
     * {@code openSession(user, SessionOptions.DEFAULT, subscriber)}.
     *
     * @param user who the session is
     * @param subscriber receives its events on a virtual thread
     * @return the session
     */
    default Session openSession(String user, Subscriber subscriber) {
        return openSession(user, SessionOptions.DEFAULT, subscriber);
    }

    /**
     * Opens a session whose events go to application code in this process.
     *
     * @param user who the session is, 1 to {@value User#MAX_ID_LENGTH} characters
     * @param options how it is set up
     * @param subscriber receives its events
     * @return the session; it is closed already if the engine is
     * @throws IllegalArgumentException if the user's id is empty or too long
     */
    Session openSession(String user, SessionOptions options, Subscriber subscriber);

    /**
     * A user by name, with or without sessions.
     *
     * @param id 1 to {@value User#MAX_ID_LENGTH} characters
     * @return the user; make one whenever you like
     * @throws IllegalArgumentException if the id is empty or too long
     */
    User user(String id);

    /**
     * The engine's lanes.
     *
     * @return an immutable list
     */
    List<? extends Lane> lanes();

    /**
     * The transports the engine was opened with.
     *
     * @return an immutable list
     */
    List<Transport> transports();

    /**
     * Counters of this moment.
     *
     * @return a snapshot
     */
    EngineStats stats();

    /**
     * What a session holds, the backlog of its inbox and of its commands included.
     *
     * @param session a session of this engine
     * @return completes on the engine's blocking executor with what the session's lane says. For a session that has ended, or if
     *     thousands of questions wait for an answer or the lane has stopped, the figures of its ring are 0
     * @throws IllegalArgumentException if the session belongs to another engine
     */
    CompletionStage<SessionStats> stats(Session session);

    /**
     * Counters of each lane.
     *
     * @return a snapshot, by index
     */
    List<LaneStats> laneStats();

    /**
     * The sessions with the largest backlogs, in bytes never written; those without any are left out. Each lane looks through its
     * sessions, a few thousand between its turns. Who asks while others wait for an answer may get the same one, so asking often
     * costs little more.
     *
     * @param most how many, 1 to 1,000
     * @return completes on the engine's blocking executor, the slowest first. Lanes answer at different moments: a session that moves
     *     between two of them meanwhile may be missing. If the engine ends meanwhile, those found so far
     * @throws IllegalArgumentException if the number is out of range
     */
    CompletionStage<List<SessionStats>> topSlowSessions(int most);

    /**
     * The guilds that cost the lanes most, by {@link GuildStats#deliveriesPerSecond()}. Looks at every guild, on the calling thread, and
     * disturbs no lane; with 100,000 guilds that takes some milliseconds.
     *
     * @param most how many, 1 to 1,000
     * @return a snapshot, the hottest first
     * @throws IllegalArgumentException if the number is out of range
     */
    List<GuildStats> hotGuilds(int most);

    /**
     * Starts the end of the engine and returns at once: transports stop accepting, guilds take no more events
     * ({@link Outcome#CLOSED}), lanes deliver what was published, then every session is closed with
     * {@link CloseReason#ENGINE_CLOSED}. Further calls return the same stage.
     *
     * @return completes when everything is delivered, or when {@link EngineBuilder#drainTimeout} cut it short
     */
    CompletionStage<DrainReport> drain();

    /**
     * {@linkplain #drain() Drains} the engine and waits for its end, at most a little longer than
     * {@link EngineBuilder#drainTimeout}. What could not be delivered by then is counted in {@link EngineStats#dropped()} and
     * logged in one line.
     *
     * @throws IllegalStateException if called on a lane or in a guild's turn, which would wait for itself
     */
    @Override
    void close();
}
