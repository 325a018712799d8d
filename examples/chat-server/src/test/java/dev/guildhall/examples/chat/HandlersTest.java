package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandlersTest {
    private final Handlers handlers = new Handlers();

    @Test
    void aTaskAndWhatItStartedAreWaitedFor() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean second = new AtomicBoolean();
        handlers.execute(() -> {
            awaitUninterruptibly(go);
            handlers.execute(() -> second.set(true));
        });

        assertThat(handlers.await(Duration.ofMillis(20))).isFalse();
        go.countDown();

        assertThat(handlers.await(Duration.ofSeconds(30))).isTrue();
        assertThat(second).isTrue();
    }

    @Test
    void aFailedTaskIsNoLongerWaitedFor() throws InterruptedException {
        handlers.execute(() -> {
            throw new Stop();
        });

        assertThat(handlers.await(Duration.ofSeconds(30))).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("stopped on purpose", null, false, false);
        }
    }
}
