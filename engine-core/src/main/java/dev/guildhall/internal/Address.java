package dev.guildhall.internal;

import dev.guildhall.Audience;
import dev.guildhall.Interests;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom an event is for, as a walk needs it: for most events no more than a word of bits. Immutable and shared by all copies of an
 * event.
 *
 * <p>A channel is resolved for the guild that the event is published to ({@link #in}); an address that was not resolved is nobody's.
 */
final class Address {
    private static final int[] NO_CLASSES = {};

    static final Address EVERYBODY = new Address(Audience.all(), Set.of(), 0L, NO_CLASSES);

    /** Null if the bits say it all. */
    private final @Nullable Audience audience;

    /** Users whose passive subscriptions get the event as well. */
    final Set<String> mentions;

    /** Bits that a subscription must have; with {@link InterestSet#OVERFLOW}, also the classes of {@code overflow}. */
    final long need;

    /** Classes from 63 on that a subscription must have. */
    final int[] overflow;

    private Address(@Nullable Audience audience, Set<String> mentions, long need, int[] overflow) {
        this.audience = audience;
        this.mentions = mentions;
        this.need = need;
        this.overflow = overflow;
    }

    static Address needing(long bits) {
        if ((bits & InterestSet.OVERFLOW) != 0) {
            throw new IllegalArgumentException("bit 63 is no class of its own, but 0x" + Long.toHexString(bits)
                    + " needs it: use Audience.classes for the classes from 63 on");
        }
        return bits == 0 ? EVERYBODY : new Address(null, Set.of(), bits, NO_CLASSES);
    }

    /** The same mentions, another audience. */
    Address to(Audience other) {
        return switch (other) {
            case Audience.All all -> new Address(all, mentions, 0L, NO_CLASSES);
            case Audience.Classes classes -> needing(other, mentions, classes.classes());
            case Audience.Users users -> new Address(users, mentions, InterestSet.OVERFLOW, NO_CLASSES);
            case Audience.Channel channel -> new Address(channel, mentions, InterestSet.OVERFLOW, NO_CLASSES);
        };
    }

    Address mentioning(Set<String> users) {
        if (users.size() > Audience.MAX_USERS) {
            throw new IllegalArgumentException(
                    "an event can mention at most " + Audience.MAX_USERS + " users, had " + users.size());
        }
        return new Address(audience, users, need, overflow);
    }

    private static Address needing(Audience audience, Set<String> mentions, Set<Integer> classes) {
        long need = 0;
        for (int number : classes) {
            need |= InterestSet.maskOf(number);
        }
        int[] numbers = classes.stream().mapToInt(Integer::intValue).toArray();
        return new Address(audience, mentions, need, need < 0 ? InterestSet.overflowOf(numbers) : NO_CLASSES);
    }

    boolean isOfChannel() {
        return audience instanceof Audience.Channel;
    }

    /** This for a guild with these channels, or null if it does not have the one that is meant. */
    @Nullable
    Address in(LocalChannels channels) {
        if (!(audience instanceof Audience.Channel named)) {
            return this;
        }
        int visibility = channels.classOf(named.channel());
        if (visibility < 0) {
            return null;
        }
        Set<Integer> classes = new HashSet<>(named.classes());
        classes.add(visibility);
        return needing(audience, mentions, classes);
    }

    Audience audience() {
        if (audience != null) {
            return audience;
        }
        Set<Integer> classes = new HashSet<>();
        for (long rest = need; rest != 0; rest &= rest - 1) {
            classes.add(Long.numberOfTrailingZeros(rest));
        }
        return new Audience.Classes(classes);
    }

    /** Those it is for and nobody else; null if it is for whoever has the classes. */
    @Nullable
    Set<String> users() {
        return audience instanceof Audience.Users only ? only.users() : null;
    }

    /** Whether a walk has to find users, and not only to compare masks. */
    boolean isOfUsers() {
        return !mentions.isEmpty() || audience instanceof Audience.Users;
    }

    /** Whether it belongs to the stream of a subscription with these interests. */
    boolean isCoveredBy(Interests interests) {
        InterestSet set = (InterestSet) interests;
        return users() == null && (set.mask & need) == need && (need >= 0 || isConfirmedBy(set));
    }

    /** Whether the classes from 63 on are in interests whose mask has the bits. */
    private boolean isConfirmedBy(InterestSet set) {
        return overflow.length > 0 && set.covers(overflow);
    }

    /** Whether a user's active subscription gets it. */
    boolean isFor(String user, InterestSet interests) {
        Set<String> users = users();
        return users == null ? isCoveredBy(interests) : users.contains(user);
    }

    /** Whether a user's passive subscription gets it. */
    boolean isNoticeFor(String user, InterestSet interests) {
        Set<String> users = users();
        return users == null ? mentions.contains(user) && isCoveredBy(interests) : users.contains(user);
    }
}
