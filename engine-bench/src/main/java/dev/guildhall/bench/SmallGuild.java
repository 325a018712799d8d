package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.spi.Connection;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A guild whose events are followed to their last delivery: each of its connections counts what it is written, and whoever is the
 * last to be written an event tells when that was. The guild is published to again before its last event has arrived only if that
 * takes more than {@value #MOST_UNDER_WAY} intervals.
 */
final class SmallGuild {
    private static final int MOST_UNDER_WAY = 256;

    /** Told of each event when its last recipient was written it; called on a lane. */
    interface Observer {

        /** The event was the guild's {@code number}th, from 0; {@code publishedAt} is when its publisher got to it. */
        void delivered(SmallGuild guild, long number, long publishedAt, long nanoTime);
    }

    final int index;
    final Guild guild;
    private final Observer observer;
    private final int recipients;
    private final AtomicIntegerArray missing = new AtomicIntegerArray(MOST_UNDER_WAY);
    private final long[] publishedAt = new long[MOST_UNDER_WAY];
    private long published;

    SmallGuild(int index, Guild guild, int recipients, Observer observer) {
        this.index = index;
        this.guild = guild;
        this.recipients = recipients;
        this.observer = observer;
        for (int i = 0; i < MOST_UNDER_WAY; i++) {
            missing.setPlain(i, recipients);
        }
    }

    /** Publishes; one thread. */
    void publish(Event event) {
        publishedAt[(int) published++ & (MOST_UNDER_WAY - 1)] = System.nanoTime();
        guild.publish(event);
    }

    /** A connection of one of its recipients. */
    Connection connection() {
        return new Recipient();
    }

    private final class Recipient implements Connection {
        private long written;

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            long number = written++;
            int place = (int) number & (MOST_UNDER_WAY - 1);
            if (missing.decrementAndGet(place) == 0) {
                missing.set(place, recipients);
                observer.delivered(SmallGuild.this, number, publishedAt[place], System.nanoTime());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }
}
