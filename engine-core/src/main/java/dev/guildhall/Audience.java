package dev.guildhall;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Who of a guild gets an event. Immutable; chosen per event with {@link Event#to}. */
public sealed interface Audience {

    /** Most users that an event can be addressed to, and most it can mention. */
    int MAX_USERS = 1_024;

    /** Most classes that an event can need. */
    int MAX_CLASSES = 64;

    /** Longest name of a channel, in characters. */
    int MAX_CHANNEL_LENGTH = 128;

    /**
     * Every subscription.
     *
     * @return the audience
     */
    static Audience all() {
        return All.ALL;
    }

    /**
     * The subscriptions whose {@link Interests} contain all the classes.
     *
     * @param classes numbers from 0 to {@link Interests#MAX_CLASS}; none means every subscription
     * @return the audience
     * @throws IllegalArgumentException if a number is out of range, or there are more than {@value #MAX_CLASSES}
     */
    static Audience classes(int... classes) {
        return classes.length == 0 ? all() : new Classes(setOf(classes));
    }

    /**
     * All subscriptions of some users, whatever their interests.
     *
     * @param users at most {@value #MAX_USERS}; nobody gets the event if it is empty
     * @return the audience
     * @throws IllegalArgumentException if there are too many
     */
    static Audience users(Collection<String> users) {
        return new Users(Set.copyOf(users));
    }

    /**
     * The subscriptions that may see a channel of the guild, see {@link Channels}. The channel is looked up when the event is
     * published; publishing to one that the guild does not know is {@link Outcome#REFUSED}.
     *
     * @param channel its name
     * @param classes what a subscription needs besides
     * @return the audience
     * @throws IllegalArgumentException if the name is empty or longer than {@value #MAX_CHANNEL_LENGTH} characters, or as {@link #classes}
     */
    static Audience channel(String channel, int... classes) {
        return new Channel(channel, setOf(classes));
    }

    private static Set<Integer> setOf(int... classes) {
        return Arrays.stream(classes).boxed().collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Integer> checked(Set<Integer> classes) {
        if (classes.size() > MAX_CLASSES) {
            throw new IllegalArgumentException(
                    "an event can need at most " + MAX_CLASSES + " classes, had " + classes.size());
        }
        for (int number : classes) {
            if (number < 0 || number > Interests.MAX_CLASS) {
                throw new IllegalArgumentException(
                        "a class must be between 0 and " + Interests.MAX_CLASS + ", was " + number);
            }
        }
        return Set.copyOf(classes);
    }

    /** See {@link Audience#all()}. */
    enum All implements Audience {
        /** Every subscription. */
        ALL
    }

    /**
     * See {@link Audience#classes}.
     *
     * @param classes what a subscription needs, all of them
     */
    record Classes(Set<Integer> classes) implements Audience {

        /**
         * Checks the numbers.
         *
         * @param classes what a subscription needs
         */
        public Classes {
            classes = checked(classes);
        }
    }

    /**
     * See {@link Audience#users}.
     *
     * @param users who gets it
     */
    record Users(Set<String> users) implements Audience {

        /**
         * Checks the number.
         *
         * @param users who gets it
         */
        public Users {
            if (users.size() > MAX_USERS) {
                throw new IllegalArgumentException(
                        "an event can be for at most " + MAX_USERS + " users, had " + users.size());
            }
            users = Set.copyOf(users);
        }
    }

    /**
     * See {@link Audience#channel}.
     *
     * @param channel its name
     * @param classes what a subscription needs besides
     */
    record Channel(String channel, Set<Integer> classes) implements Audience {

        /**
         * Checks the name and the numbers.
         *
         * @param channel its name
         * @param classes what a subscription needs besides
         */
        public Channel {
            if (channel.isEmpty() || channel.length() > MAX_CHANNEL_LENGTH) {
                throw new IllegalArgumentException("a channel's name must have 1 to " + MAX_CHANNEL_LENGTH
                        + " characters, had " + channel.length());
            }
            classes = checked(classes);
        }
    }
}
