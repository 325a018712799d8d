package dev.guildhall;

import dev.guildhall.internal.LocalChannels;
import java.util.Set;

/**
 * The channels of one guild and the roles that may see them. Channels with the same roles share one <em>visibility class</em>, so a walk
 * compares bits, however many channels there are.
 *
 * <p>Visibility classes are numbered from {@link AudienceOptions#reservedClasses()} on; the application must not use these numbers
 * itself. A class belongs to its set of roles as long as the engine is open and is never given to another, so interests that were
 * computed before a channel changed never show more than their roles allow: changing a channel's roles takes effect with the next
 * event published to it, and those who gained it see it when {@link Guild#setInterests} has given them their new interests.
 *
 * <p>Any thread; nothing blocks. Channels stay known as long as the engine is open, also when their guild ends for being idle and starts
 * again.
 */
public sealed interface Channels permits LocalChannels {

    /** Most channels of a guild. */
    int MAX_CHANNELS = 4_096;

    /** Most roles that a channel names. */
    int MAX_ROLES = 256;

    /**
     * Makes a channel known, or gives it other roles.
     *
     * @param channel its name, see {@link Audience#channel}
     * @param roles who of these has one sees it; if empty, nobody does but {@link Interests#all()}. For a channel that all may see,
     *     name a role that all have
     * @return {@link Outcome#ORDERED}; {@link Outcome#REFUSED} if there are too many channels, were too many different sets of
     *     roles, or more guilds than {@link EngineBuilder#maxGuilds} would have channels
     * @throws IllegalArgumentException if the name is no channel's, or there are more than {@value #MAX_ROLES} roles
     */
    Outcome define(String channel, Set<String> roles);

    /**
     * Forgets a channel; what is published to it from now on is {@link Outcome#REFUSED}.
     *
     * @param channel its name
     * @return whether it was known
     */
    boolean remove(String channel);

    /**
     * Whether a channel is known.
     *
     * @param channel its name
     * @return whether it can be published to
     */
    boolean contains(String channel);

    /**
     * What somebody with these roles receives.
     *
     * @param roles of the user
     * @param extra further interests, such as the client's intents
     * @return those and the visibility classes that one of the roles may see
     */
    Interests interestsOf(Set<String> roles, Interests extra);
}
