package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Integer> handled = new ArrayList<>();

    @Test
    void holdsNoTaskUntilSomethingIsOfferedAndOneTaskThen() {
        Mailbox<Integer> mailbox = Mailbox.create(16, tasks::add, handled::add);
        assertThat(tasks).isEmpty();
        assertThat(mailbox.offer(1)).isEqualTo(Outcome.ENQUEUED);
        assertThat(mailbox.offer(2)).isEqualTo(Outcome.ENQUEUED);
        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(handled).containsExactly(1, 2);
        mailbox.offer(3);
        runAll();
        assertThat(handled).containsExactly(1, 2, 3);
    }

    @Test
    void refusesWhatIsBeyondItsBoundAndTakesAgainAfterATurn() {
        Mailbox<Integer> mailbox = Mailbox.create(16, tasks::add, handled::add);
        IntStream.range(0, 16).forEach(i -> assertThat(mailbox.offer(i)).isEqualTo(Outcome.ENQUEUED));
        assertThat(mailbox.offer(16)).isEqualTo(Outcome.BACK_PRESSURED);
        assertThat(mailbox.backlog()).isEqualTo(16);
        runAll();
        assertThat(mailbox.offer(17)).isEqualTo(Outcome.ENQUEUED);
        runAll();
        assertThat(handled).hasSize(17).doesNotContain(16).endsWith(17);
    }

    @Test
    void handlesWhatWasAcceptedBeforeItClosed() {
        Mailbox<Integer> mailbox = Mailbox.create(16, tasks::add, handled::add);
        mailbox.offer(1);
        mailbox.close();
        assertThat(mailbox.offer(2)).isEqualTo(Outcome.CLOSED);
        runAll();
        assertThat(handled).containsExactly(1);
        assertThat(mailbox.toString()).contains("closed");
    }

    @Test
    void letsOthersRunAfterAQuantum() {
        Mailbox<Integer> mailbox = Mailbox.create(1_024, tasks::add, handled::add);
        IntStream.range(0, 200).forEach(mailbox::offer);
        tasks.remove().run();
        assertThat(handled).hasSizeLessThan(200);
        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(handled).hasSize(200);
    }

    @Test
    void goesOnAfterAHandlerFailed() {
        Mailbox<Integer> mailbox = Mailbox.create(16, tasks::add, item -> {
            handled.add(item);
            throw new IllegalStateException("deliberate");
        });
        mailbox.offer(1);
        mailbox.offer(2);
        runAll();
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void closesWhenItsExecutorRejects() {
        Mailbox<Integer> mailbox = Mailbox.create(
                16,
                task -> {
                    throw new RejectedExecutionException("deliberate");
                },
                handled::add);
        assertThat(mailbox.offer(1)).isEqualTo(Outcome.CLOSED);
        assertThat(mailbox.isClosed()).isTrue();
    }

    @Test
    void keepsEachThreadsOrderAndLosesNothing() throws Exception {
        int producers = 4;
        int each = 100_000;
        int[] last = new int[producers];
        CountDownLatch done = new CountDownLatch(producers * each);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Mailbox<int[]> mailbox = Mailbox.create(256, threads, item -> {
                assertThat(item[1]).isEqualTo(last[item[0]] + 1);
                last[item[0]] = item[1];
                done.countDown();
            });
            for (int p = 0; p < producers; p++) {
                int producer = p;
                Thread.ofPlatform()
                        .start(
                                () -> { // a spinning virtual thread would keep its carrier from the mailbox
                                    for (int i = 1; i <= each; i++) {
                                        while (mailbox.offer(new int[] {producer, i}) == Outcome.BACK_PRESSURED) {
                                            Thread.onSpinWait();
                                        }
                                    }
                                });
            }
            assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(last).containsOnly(each);
    }

    @Test
    void checksItsBound() {
        assertThatThrownBy(() -> Mailbox.<Integer>create(0, tasks::add, handled::add))
                .hasMessageContaining("was 0");
        assertThat(Mailbox.<Integer>create(17, tasks::add, handled::add).capacity())
                .isEqualTo(32);
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
