package dev.guildhall.bench.load;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes at the times that the rate says, whether or not the server keeps up: what a slow server holds up is not left out, it is
 * late, and counted from when it was due (an open loop, so no coordinated omission). A thread of its own.
 */
final class Pacer extends Thread {
    private final double intervalNanos;
    private final boolean poisson;
    private final Random random;
    private final Publisher publisher;
    private volatile boolean stopped;

    /** Where publishes go. */
    interface Publisher {
        /**
         * Sends a publish without waiting. On the pacer's thread.
         *
         * @param number of the publish, from 0 on
         * @param due of {@link System#nanoTime}
         */
        void publish(long number, long due);
    }

    Pacer(double rate, boolean poisson, long seed, Publisher publisher) {
        super("load-pacer");
        setDaemon(true);
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        this.poisson = poisson;
        this.random = new Random(seed);
        this.publisher = publisher;
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        double offset = 0;
        for (long number = 0; !stopped; number++) {
            offset += poisson ? -Math.log(1 - random.nextDouble()) * intervalNanos : intervalNanos;
            long due = begin + (long) offset;
            long wait = due - System.nanoTime();
            while (wait > 0 && !stopped) {
                LockSupport.parkNanos(this, wait);
                wait = due - System.nanoTime();
            }
            if (!stopped) {
                publisher.publish(number, due);
            }
        }
    }

    /** Returns when nothing is published any more. */
    void end() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(this);
        join();
    }
}
