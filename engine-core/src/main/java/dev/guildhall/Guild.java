package dev.guildhall;

import dev.guildhall.internal.LocalGuild;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * An addressable group with one order of events. What is published in it goes to all its subscriptions, each of which sees
 * it in the same order.
 */
public sealed interface Guild permits LocalGuild {

    /** Longest guild id, in characters. */
    int MAX_ID_LENGTH = 200;

    /**
     * The id by which {@link Engine#guild(String)} finds it.
     *
     * @return the id
     */
    String id();

    /**
     * The guild's present epoch; it grows each time the guild starts.
     *
     * @return milliseconds since 1970 or more
     */
    long epoch();

    /**
     * The offset that the next event will get. Subscribing takes one too, so not every offset is an event's.
     *
     * @return 0 for a guild that was never used; a closed guild answers where its log ended
     */
    long nextOffset();

    /**
     * Number of subscriptions, counting those that are about to begin.
     *
     * @return an estimate while others subscribe and leave
     */
    int subscriptionCount();

    /**
     * The guild's channels and who may see them.
     *
     * @return the same channels for the same id, as long as the engine is open
     */
    Channels channels();

    /**
     * Changes what all present subscriptions of a user receive, from one place in the guild's order on: an event that is ordered
     * before it still goes by the old interests, one after it by the new, on every lane. A subscription that begins later has those
     * it was made with. Waits while the log is full, as {@link #publish} does; on a lane it does not wait.
     *
     * @param user whose
     * @param interests the new ones
     * @return {@link Outcome#ORDERED}; {@link Outcome#BACK_PRESSURED} on a lane while the log is full; {@link Outcome#REFUSED} beyond
     *     {@link EngineBuilder#maxGuilds}; {@link Outcome#CLOSED}
     */
    Outcome setInterests(String user, Interests interests);

    /**
     * Ends all present subscriptions of a user at one place in the guild's order: events that are ordered before it still
     * arrive, those after it do not, on every lane. The user's sessions stay, and may subscribe again; one that does so at once, while it
     * moves to another lane, may miss the last events before the kick. In a guild with a handler it is
     * the handler's to call, in its turns. Waits while the log is full, as {@link #publish} does; on a lane it does not wait.
     *
     * @param user whose
     * @return as {@link #setInterests}
     * @throws IllegalStateException if the guild has a handler and this is not its turn
     */
    Outcome kick(String user);

    /**
     * Publishes without blocking; callable from anywhere, a subscriber's callback included.
     *
     * @param event what to publish; keep and publish it again as you like
     * @return {@link Outcome#ORDERED}; {@link Outcome#ENQUEUED} if the guild has a handler, which then decides;
     *     {@link Outcome#BACK_PRESSURED} while the log or the mailbox is full; {@link Outcome#RATE_LIMITED};
     *     {@link Outcome#UNAVAILABLE} while the handler is not running; {@link Outcome#REFUSED} beyond {@link EngineBuilder#maxGuilds}, or if it is for
     *     a channel that is not {@linkplain #channels() known};
     *     {@link Outcome#CLOSED}
     */
    default Outcome tryPublish(Event event) {
        return tryPublish(event, PublishOptions.NONE);
    }

    /**
     * Publishes without blocking and says more about it.
     *
     * @param event what to publish
     * @param options who publishes, and a key by which a repetition is recognised
     * @return the same as {@link #tryPublish(Event)}
     * @throws IllegalStateException if a key is given to a guild without a handler
     */
    Outcome tryPublish(Event event, PublishOptions options);

    /**
     * Publishes and waits for a place in the log as long as it is full. The wait is bounded: a lane that stands still for
     * longer than {@link EngineBuilder#laneStallLimit} no longer holds the log up. If the guild has a handler, it waits for room in the
     * mailbox and for the handler too. An interrupt does not end the wait and is kept for the caller.
     *
     * @param event what to publish
     * @return the event's place, or an outcome of those of {@link #tryPublish(Event)}
     * @throws IllegalStateException if called on a lane, or for a guild with a handler in a guild's turn, which would wait for
     *     itself: use {@link #tryPublish} there
     */
    default Receipt publish(Event event) {
        return publish(event, PublishOptions.NONE);
    }

    /**
     * Publishes, waits, and says more about it.
     *
     * @param event what to publish
     * @param options who publishes, and a key by which a repetition is recognised: it is answered with the first receipt
     * @return the same as {@link #publish(Event)}
     * @throws IllegalStateException if called where it would wait for itself, or if a key is given to a guild without a handler
     */
    Receipt publish(Event event, PublishOptions options);

    /**
     * Publishes like {@link #publish(Event)}, and counts to how many sessions the event is delivered. For now and then: a
     * burst is delivered event by event, with a turn for each session, while one of its events is counted.
     *
     * @param event what to publish
     * @return its place, and the count when all lanes have passed it
     */
    CountedReceipt publishCounted(Event event);

    /**
     * Asks the guild's handler, without waiting. Fails at once if too many commands wait.
     *
     * @param command what to ask
     * @param <R> the reply's type
     * @return completes in the guild's turn with the reply; exceptionally with {@link RefusedException} if the handler says no, else
     *     with {@link AskException}
     * @throws IllegalStateException if the guild has no handler
     */
    <R> CompletionStage<R> ask(Command<R> command);

    /**
     * Asks the guild's handler and waits for the reply.
     *
     * @param command what to ask
     * @param limit how long to wait; a command whose turn has not come by then is not handled any more
     * @param <R> the reply's type
     * @return the reply; null if the handler replies so
     * @throws TimeoutException if there is no reply in time
     * @throws InterruptedException if interrupted while waiting
     * @throws RefusedException if the handler says no
     * @throws AskException if there is no reply for another reason
     * @throws IllegalStateException if the guild has no handler, or if called on a lane or in the guild's own turn
     */
    <R> R ask(Command<R> command, Duration limit) throws TimeoutException, InterruptedException;

    /**
     * Whether the guild takes events and subscriptions.
     *
     * @return false while its handler waits to be started again, and when the engine is closed
     */
    boolean isAvailable();

    /**
     * Messages that wait for the handler.
     *
     * @return an estimate; 0 for a plain guild
     */
    int backlog();

    /**
     * What the handler has cost so far, by kind of message.
     *
     * @return the costliest first; empty for a plain guild
     */
    List<TurnCount> turnCounts();

    /**
     * Past events, whoever they were for: what a session may see of them is the application's to decide, or by {@link Event#need}.
     *
     * @param epoch the epoch that the offset is of: offsets go on in the epochs of one log, so that any epoch since the log's beginning
     *     will do
     * @param fromOffset offset of the first event, at least 0
     * @param maxEvents most events to answer, at least 1
     * @return the events, which may be none, or why there is no answer
     */
    History history(long epoch, long fromOffset, int maxEvents);

    /**
     * Past events of the present log: {@code history(epoch(), fromOffset, Integer.MAX_VALUE)}.
     *
     * @param fromOffset offset of the first event, at least 0
     * @return the events, which may be none, or why there is no answer
     */
    default History history(long fromOffset) {
        return history(epoch(), fromOffset, Integer.MAX_VALUE);
    }

    /**
     * Finds out what became of an event for a session: why it did not get it, or that it did. For people who look for a mistake, not
     * for code that delivers: each question is a task of the session's lane, which looks through the session's ring. Never blocks;
     * any thread.
     *
     * @param session a session of this engine
     * @param offset of the event in the guild's present epoch, such as a {@link Receipt} has; 0 or more
     * @return completes on the engine's blocking executor, and in any case: with {@link Explanation#UNKNOWN} if the session or the engine
     *     has ended, with {@link Explanation#OVERLOADED} if thousands of questions wait
     * @throws IllegalArgumentException if the session belongs to another engine, or the offset is negative
     */
    CompletionStage<Explanation> explain(Session session, long offset);
}
