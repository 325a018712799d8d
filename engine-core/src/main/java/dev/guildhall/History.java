package dev.guildhall;

import java.util.List;

/** What a guild's log answers to a question for past events: the events, or why it has not all of them. Never a part. */
public sealed interface History {

    /**
     * The events from the offset on that was asked for, whoever they were for.
     *
     * @param epoch the guild's present epoch
     * @param events in order; offsets between them are control entries
     * @param nextOffset where to go on
     */
    record Events(long epoch, List<Event> events, long nextOffset) implements History {

        /**
         * Copies the list.
         *
         * @param epoch the guild's present epoch
         * @param events in order
         * @param nextOffset where to go on
         */
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * The log no longer holds what was asked for.
     *
     * @param oldestOffset the first offset that it may still hold
     */
    record Trimmed(long oldestOffset) implements History {}

    /**
     * The guild's log was begun after that epoch, or there was no such epoch: offsets of then mean nothing now.
     *
     * @param epoch the guild's present epoch
     */
    record UnknownEpoch(long epoch) implements History {}

    /**
     * The offset has not been given yet.
     *
     * @param nextOffset the next offset that will be
     */
    record Ahead(long nextOffset) implements History {}
}
