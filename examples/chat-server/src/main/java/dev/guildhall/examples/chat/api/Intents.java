package dev.guildhall.examples.chat.api;

import dev.guildhall.Interests;

/**
 * Which events a gateway client asked for. The bits of its identify are classes of its subscriptions' interests, and an event needs
 * the class of its intent, so the engine itself leaves out what nobody wants.
 */
public final class Intents {
    public static final int GUILDS = 0;
    public static final int GUILD_MEMBERS = 1;
    public static final int GUILD_PRESENCES = 8;
    public static final int GUILD_MESSAGES = 9;
    public static final int GUILD_MESSAGE_TYPING = 11;

    /** Every bit that is documented, or was once. */
    public static final long KNOWN = (1L << 26) - 1;

    private Intents() {}

    /** The bits of an identify as the interests of a subscription. */
    public static Interests interests(long bits) {
        return Interests.ofMask(bits);
    }
}
