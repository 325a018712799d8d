package dev.guildhall.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Some platform threads that do their shares of a benchmark's work at the same time, while its own thread waits for them. */
final class Crew implements AutoCloseable {
    private final int size;
    private final ExecutorService threads;

    Crew(int size) {
        this.size = size;
        this.threads = Executors.newFixedThreadPool(size);
    }

    /** Calls it once on each thread, with numbers from 0, all of them when the last one is there. */
    void run(IntConsumer share) {
        CountDownLatch ready = new CountDownLatch(size);
        IntStream.range(0, size)
                .<Future<?>>mapToObj(number -> threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    share.accept(number);
                    return null;
                }))
                .toList()
                .forEach(Crew::await);
    }

    private static void await(Future<?> share) {
        try {
            share.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
