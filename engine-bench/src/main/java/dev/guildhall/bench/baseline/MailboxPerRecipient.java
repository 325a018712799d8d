package dev.guildhall.bench.baseline;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * A lock-free mailbox per recipient and a virtual thread for each activation: the event goes into the queue of each recipient,
 * and whoever finds a recipient idle starts a thread for it, which runs until the queue is empty.
 */
public final class MailboxPerRecipient implements FanOut {
    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

    private final Box[] boxes;
    private final byte[] event;

    /** One mailbox for each recipient. */
    public MailboxPerRecipient(Recipient[] recipients, byte[] event) {
        this.event = event;
        boxes = new Box[recipients.length];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = new Box(recipients[i]);
        }
    }

    @Override
    public void publish() {
        for (Box box : boxes) {
            box.put(event);
        }
    }

    @Override
    public void close() {}

    private static final class Box extends AtomicInteger implements Runnable {
        private static final long serialVersionUID = 1;
        private static final int IDLE = 0;
        private static final int SCHEDULED = 1;
        private static final int CHUNK = 16;

        private final transient MpscUnboundedVarHandleArrayQueue<byte[]> queue =
                new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
        private final transient Recipient recipient;

        Box(Recipient recipient) {
            this.recipient = recipient;
        }

        void put(byte[] event) {
            queue.offer(event);
            if (get() == IDLE && compareAndSet(IDLE, SCHEDULED)) {
                THREADS.newThread(this).start();
            }
        }

        @Override
        public void run() {
            do {
                byte[] event;
                while ((event = queue.relaxedPoll()) != null) {
                    recipient.receive(event.length);
                }
                set(IDLE);
            } while (!queue.isEmpty() && compareAndSet(IDLE, SCHEDULED));
        }
    }
}
