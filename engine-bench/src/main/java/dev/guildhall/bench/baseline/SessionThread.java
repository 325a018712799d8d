package dev.guildhall.bench.baseline;

import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A session as one writes it with nothing but the JDK: a mailbox and a virtual thread that takes from it, and is listed with a topic from its
 * subscription to its end.
 */
public final class SessionThread implements Runnable {
    private final LinkedBlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final Set<SessionThread> topic;
    private final Runnable ended;
    private boolean open = true;

    private SessionThread(Set<SessionThread> topic, Runnable ended) {
        this.topic = topic;
        this.ended = ended;
    }

    /** Starts one; {@code ended} is called on its thread when it is over. */
    public static SessionThread open(Set<SessionThread> topic, Runnable ended) {
        SessionThread session = new SessionThread(topic, ended);
        Thread.ofVirtual().start(session);
        return session;
    }

    /** Its thread lists it. */
    public void subscribe() {
        mailbox.add(() -> topic.add(this));
    }

    /** Its thread takes it off the list and ends. */
    public void close() {
        mailbox.add(() -> {
            topic.remove(this);
            open = false;
        });
    }

    @Override
    public void run() {
        try {
            while (open) {
                mailbox.take().run();
            }
        } catch (InterruptedException e) {
            topic.remove(this);
        }
        ended.run();
    }
}
