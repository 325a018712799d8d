package dev.guildhall.bench.rivals;

import dev.guildhall.bench.Recipient;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Notes when the last of many recipients has an event, whichever threads call them: neighbours count down together, and the last of them counts
 * down for all. Every contender pays an atomic step for each delivery, which the engine's own figure ({@link Arrivals}) does not.
 */
final class SharedArrivals {
    private static final int NEIGHBOURS = 100;
    private static final int MOST_UNDER_WAY = 4_096;

    private final Arrivals.Observer observer;
    private final Missing groups;

    private SharedArrivals(int groups, Arrivals.Observer observer) {
        this.groups = new Missing(groups);
        this.observer = observer;
    }

    /** Recipients, a multiple of {@value #NEIGHBOURS}, of which the observer is told. */
    static Recipient[] recipients(int count, Arrivals.Observer observer) {
        SharedArrivals arrivals = new SharedArrivals(count / NEIGHBOURS, observer);
        Recipient[] recipients = new Recipient[count];
        for (int first = 0; first < count; first += NEIGHBOURS) {
            Missing group = new Missing(NEIGHBOURS);
            for (int i = first; i < first + NEIGHBOURS; i++) {
                recipients[i] = arrivals.recipient(group);
            }
        }
        return recipients;
    }

    private Recipient recipient(Missing group) {
        return new Recipient() {
            @Override
            public void receive(int length) {
                super.receive(length);
                long number = received() - 1;
                if (group.isLast(number) && groups.isLast(number)) {
                    observer.arrived(number, System.nanoTime());
                }
            }
        };
    }

    /** How many of some have not got each event. */
    private static final class Missing {
        private final int all;
        private final AtomicIntegerArray left = new AtomicIntegerArray(MOST_UNDER_WAY);

        Missing(int all) {
            this.all = all;
            for (int place = 0; place < MOST_UNDER_WAY; place++) {
                left.setPlain(place, all);
            }
        }

        boolean isLast(long number) {
            int place = (int) number & (MOST_UNDER_WAY - 1);
            if (left.decrementAndGet(place) > 0) {
                return false;
            }
            left.set(place, all);
            return true;
        }
    }
}
