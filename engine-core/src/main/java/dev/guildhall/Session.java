package dev.guildhall;

import dev.guildhall.internal.LocalSession;
import org.jspecify.annotations.Nullable;

/**
 * One logical client. It outlives its connection: when that is lost, the session is <em>detached</em>, keeps its subscriptions
 * and collects what it is sent, until its client resumes it or {@link SessionOptions#resumeWindow()} is over. It belongs to one
 * lane at a time, which delivers everything it receives; resuming may move it to another.
 *
 * <p>Events of one guild arrive in the guild's order. Between guilds there is no order, and none between a guild and
 * {@link #send} once the session is subscribed.
 */
public sealed interface Session permits LocalSession {

    /**
     * A name for this session that is unique among the sessions of all engines. It is no secret.
     *
     * @return 32 hexadecimal digits
     */
    String id();

    /**
     * Who the session is.
     *
     * @return the user given when it was opened
     */
    String user();

    /**
     * Subscribes to everything in a guild; the same as with {@link Interests#all()}.
     *
     * @param guild a guild of this engine
     * @return the subscription
     */
    default Subscription subscribe(Guild guild) {
        return subscribe(guild, Interests.all());
    }

    /**
     * Subscribes to the classes of a mask; the same as with {@link Interests#ofMask}.
     *
     * @param guild a guild of this engine
     * @param mask interest bits of this subscription
     * @return the subscription
     */
    default Subscription subscribe(Guild guild, long mask) {
        return subscribe(guild, Interests.ofMask(mask));
    }

    /**
     * Takes a place in the guild's order, from which on the session receives every event whose audience the interests make it
     * part of. Waits
     * while the guild's log is full, no longer than {@link Guild#publish} does; on a lane it does not wait, and the outcome is
     * {@link Outcome#BACK_PRESSURED}. A session that is subscribed already gets its present subscription and keeps its interests; if
     * another thread is subscribing it at this moment, that one's subscription, whose outcome and offset settle when that
     * call returns. Beyond {@link SessionOptions#maxSubscriptions()} the outcome is {@link Outcome#REFUSED}.
     *
     * @param guild a guild of this engine
     * @param interests what it receives, until {@link Guild#setInterests} or {@link Subscription#setInterests} changes it; the last of
     *     these three in the guild's order holds
     * @return the subscription; look at its {@link Subscription#outcome()} if the session or guild may be closed
     * @throws IllegalArgumentException if the guild belongs to another engine
     */
    Subscription subscribe(Guild guild, Interests interests);

    /**
     * The subscription of a guild.
     *
     * @param guild a guild of this engine
     * @return it, or null if the session is not subscribed
     */
    @Nullable
    Subscription subscription(Guild guild);

    /**
     * Whether a connection or a subscriber is attached.
     *
     * @return false while the session waits to be resumed and after its end
     */
    boolean isAttached();

    /**
     * What the application keeps with the session under an attribute. Any thread; never blocks.
     *
     * @param attribute which
     * @param <T> what is kept
     * @return the value, or null if there is none
     */
    <T> @Nullable T get(Attribute<T> attribute);

    /**
     * Keeps something with the session, as long as it lives. Any thread; a reader that sees the value sees what was written
     * before it.
     *
     * @param attribute under which
     * @param value what to keep, or null to keep nothing
     * @param <T> what is kept
     */
    <T> void set(Attribute<T> attribute, @Nullable T value);

    /**
     * Says how present the user is here, and what they are doing here. It becomes part of the {@linkplain User#presence() user's
     * presence} at once; if the engine has {@linkplain EngineBuilder#presence presence}, the guilds of all of the user's sessions are
     * told at their next tick, each only if others see a difference by then. Calls by one thread keep their order. Any thread; never
     * blocks, and costs the same however many guilds there are.
     *
     * @param status anything but {@link Presence.Status#OFFLINE}; {@link SessionOptions#status()} until this is called
     * @param activity what the user is doing, {@link Activity#NONE} for nothing
     * @return {@link Outcome#ENQUEUED}, or {@link Outcome#CLOSED}
     * @throws IllegalArgumentException if the status is offline
     */
    Outcome setPresence(Presence.Status status, Activity activity);

    /**
     * Sends an event to this session alone. Sends of one thread arrive in their order; one that was made before a
     * {@link #subscribe} arrives before the guild's first event.
     *
     * @param event what to send
     * @return {@link Outcome#ENQUEUED}; {@link Outcome#BACK_PRESSURED} if its inbox is full; {@link Outcome#REFUSED} if the event
     *     is larger than {@link SessionOptions#maxBacklogBytes()}; {@link Outcome#CLOSED}
     */
    Outcome send(Event event);

    /**
     * Asks the session's lane to end the session, for good: what is in its ring is written as far as the connection takes it,
     * then the connection is closed. Closing again changes nothing; the first reason stays.
     *
     * @param reason told to the connection, to {@link Subscriber#onClose} and to {@link SessionListener#onClosed}
     */
    void close(CloseReason reason);

    /**
     * Whether the session is open.
     *
     * @return false from the moment somebody asked for its end
     */
    boolean isOpen();

    /**
     * Why the session ended or is about to.
     *
     * @return null while it is open
     */
    @Nullable
    CloseReason closeReason();
}
