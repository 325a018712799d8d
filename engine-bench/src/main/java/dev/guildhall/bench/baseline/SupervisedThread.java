package dev.guildhall.bench.baseline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A topic as one writes it with nothing but the JDK: a mailbox and a virtual thread that handles what is in it. A message that throws
 * ends the thread, and a millisecond later another one goes on with the mailbox.
 */
public final class SupervisedThread implements Runnable {
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run);

    private final LinkedBlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final Runnable restarted;
    private volatile boolean open = true;

    private SupervisedThread(Runnable restarted) {
        this.restarted = restarted;
    }

    /** Starts one; {@code restarted} is called on each new thread after the first. */
    public static SupervisedThread start(Runnable restarted) {
        SupervisedThread topic = new SupervisedThread(restarted);
        Thread.ofVirtual().start(topic);
        return topic;
    }

    /** Hands over a message, which may throw. */
    public void tell(Runnable message) {
        mailbox.add(message);
    }

    /** Ends it for good. */
    public void close() {
        mailbox.add(() -> open = false);
    }

    @Override
    public void run() {
        try {
            while (open) {
                mailbox.take().run();
            }
        } catch (RuntimeException e) {
            LATER.execute(() -> Thread.ofVirtual().start(this::runAgain));
        } catch (InterruptedException e) {
            open = false;
        }
    }

    private void runAgain() {
        restarted.run();
        run();
    }
}
