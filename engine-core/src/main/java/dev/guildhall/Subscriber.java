package dev.guildhall;

/**
 * Application code in the same process that receives a session's events.
 *
 * <p>Calls for one session never overlap, and events of one guild come in the guild's order; between guilds there is no
 * order. By default the calls run on a virtual thread and may block; a subscriber that falls so far behind that the
 * session's backlog is full loses the session with {@link CloseReason.Kind#SLOW_CONSUMER}. With
 * {@link SessionOptions#inline()} the calls run on the lane and must not block.
 *
 * <p>An exception is counted ({@link EngineStats#subscriberFailures()}) and logged at WARN; the session goes on.
 */
@FunctionalInterface
public interface Subscriber {

    /**
     * Receives one event.
     *
     * @param event shared with all other receivers
     */
    void onEvent(Event event);

    /**
     * The session ended; nothing follows. Called once, after the last event.
     *
     * @param reason why
     */
    default void onClose(CloseReason reason) {}
}
