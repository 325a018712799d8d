package dev.guildhall.bench.rivals;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.spi.Connection;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Notes when the last of many sessions is written an event. Every session receives the same events, from its first on, so an event's
 * number is its sequence number less one. Each lane counts its own sessions' writes in plain fields; whichever lane is the last to be
 * through tells the observer, so nobody polls beside the engine and the lanes share one atomic step per event.
 */
final class Arrivals {
    /** Most events between the first that somebody misses and the last that somebody has. */
    private static final int MOST_UNDER_WAY = 4_096;

    /** Told of each event once, on the lane that was the last. */
    interface Observer {

        /** The event was the {@code number}th, from 0. */
        void arrived(long number, long nanoTime);
    }

    private final OfLane[] lanes;
    private final AtomicIntegerArray lanesMissing = new AtomicIntegerArray(MOST_UNDER_WAY);
    private final Observer observer;

    Arrivals(int lanes, Observer observer) {
        this.observer = observer;
        this.lanes = new OfLane[lanes];
        Arrays.setAll(this.lanes, lane -> new OfLane());
        for (int place = 0; place < MOST_UNDER_WAY; place++) {
            lanesMissing.setPlain(place, lanes);
        }
    }

    /**
     * Opens sessions on the lanes in turn and subscribes them; all of them before the first event. Connections of one lane lie together in
     * memory, as they would in a server whose lanes allocate them.
     */
    void open(int sessions, DirectTransport transport, Guild guild) {
        Link[] links = new Link[sessions];
        for (int lane = 0; lane < lanes.length; lane++) {
            for (int i = lane; i < sessions; i += lanes.length) {
                links[i] = new Link(lanes[lane]);
                lanes[lane].sessions++;
            }
        }
        for (int i = 0; i < sessions; i++) {
            transport
                    .open(i, "bench", SessionOptions.DEFAULT, links[i])
                    .session()
                    .subscribe(guild, GuildhallFanOut.MASK);
        }
    }

    private void laneArrived(int place, long number) {
        if (lanesMissing.decrementAndGet(place) == 0) {
            lanesMissing.set(place, lanes.length);
            observer.arrived(number, System.nanoTime());
        }
    }

    private final class OfLane {
        private final int[] written = new int[MOST_UNDER_WAY];
        private int sessions;

        void written(long number) {
            int place = (int) number & (MOST_UNDER_WAY - 1);
            if (++written[place] == sessions) {
                written[place] = 0;
                laneArrived(place, number);
            }
        }
    }

    private static final class Link implements Connection {
        private final OfLane lane;

        @SuppressWarnings("UnusedVariable") // so that a write writes something of the session's own
        private long last;

        Link(OfLane lane) {
            this.lane = lane;
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            last = seq;
            lane.written(seq - 1);
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }
}
