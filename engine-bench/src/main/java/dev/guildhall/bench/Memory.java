package dev.guildhall.bench;

import dev.guildhall.SessionOptions;
import java.util.Locale;

/** What {@link MemoryCommand} counts the memory of. */
enum Memory {
    /** A session with an inline subscriber. */
    IDLE_SESSION_INLINE,
    /** A session with a subscriber that may block. */
    IDLE_SESSION_DEFAULT,
    /** The same, each of a user of its own, whose name and entry count. */
    IDLE_SESSION_OF_OWN_USER,
    /** A client's session that can be resumed. */
    IDLE_SESSION_RESUMABLE,
    /** The same in an engine with a session listener. */
    IDLE_SESSION_RESUMABLE_WITH_LISTENER,
    /** A client's session with a backlog of 100 events. */
    STALLED_SESSION,
    /** A further subscription of a session. */
    SUBSCRIPTION,
    /** A guild without a handler. */
    GUILD,
    /** A guild with a handler. */
    GUILD_WITH_HANDLER;

    private static final int BACKLOG = 100;

    /** Heap of a JVM that holds a million of them. */
    String heap() {
        return this == GUILD || this == GUILD_WITH_HANDLER ? "6g" : "4g";
    }

    /** For a number of them, a multiple of 100. */
    Hoard open(int count) {
        return switch (this) {
            case IDLE_SESSION_INLINE ->
                new SubscriberHoard(count, SessionOptions.DEFAULT.withInline(), number -> "user");
            case IDLE_SESSION_DEFAULT -> new SubscriberHoard(count, SessionOptions.DEFAULT, number -> "user");
            case IDLE_SESSION_OF_OWN_USER ->
                new SubscriberHoard(count, SessionOptions.DEFAULT, number -> "user-" + number);
            case IDLE_SESSION_RESUMABLE -> new ClientHoard(count, 0, false);
            case IDLE_SESSION_RESUMABLE_WITH_LISTENER -> new ClientHoard(count, 0, true);
            case STALLED_SESSION -> new ClientHoard(count, BACKLOG, false);
            case SUBSCRIPTION -> new SubscriptionHoard(count);
            case GUILD -> new GuildHoard(count, false);
            case GUILD_WITH_HANDLER -> new GuildHoard(count, true);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
