package dev.guildhall.examples.chat.api;

/**
 * Which events a gateway client asked for. The bits of its identify are the mask of its subscriptions, and an event needs
 * the bit of its intent, so the engine itself leaves out what nobody wants.
 */
public final class Intents {
    public static final long GUILDS = 1L;
    public static final long GUILD_MEMBERS = 1L << 1;
    public static final long GUILD_PRESENCES = 1L << 8;
    public static final long GUILD_MESSAGES = 1L << 9;
    public static final long GUILD_MESSAGE_TYPING = 1L << 11;

    /** Every bit that is documented, or was once. */
    public static final long KNOWN = (1L << 26) - 1;

    private Intents() {}
}
