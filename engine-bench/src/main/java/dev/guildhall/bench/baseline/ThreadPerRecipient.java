package dev.guildhall.bench.baseline;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * A lock-free mailbox per recipient and a virtual thread of its own that parks while the mailbox is empty: what one writes who
 * takes "a thread per session" at its word.
 */
public final class ThreadPerRecipient implements FanOut {
    private final Box[] boxes;
    private final byte[] event;

    /** One mailbox and one thread for each recipient. */
    public ThreadPerRecipient(Recipient[] recipients, byte[] event) {
        this.event = event;
        boxes = new Box[recipients.length];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = new Box(recipients[i]);
        }
        for (Box box : boxes) {
            box.thread.start();
        }
    }

    @Override
    public void publish() {
        for (Box box : boxes) {
            box.put(event);
        }
    }

    @Override
    public void close() {
        for (Box box : boxes) {
            box.open = false;
            LockSupport.unpark(box.thread);
        }
    }

    private static final class Box {
        private static final int CHUNK = 16;

        private final MpscUnboundedVarHandleArrayQueue<byte[]> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
        private final Recipient recipient;
        private final Thread thread = Thread.ofVirtual().unstarted(this::work);
        private volatile boolean parked;
        private volatile boolean open = true;

        Box(Recipient recipient) {
            this.recipient = recipient;
        }

        void put(byte[] event) {
            queue.offer(event);
            if (parked) {
                parked = false;
                LockSupport.unpark(thread);
            }
        }

        private void work() {
            while (open) {
                byte[] event;
                while ((event = queue.relaxedPoll()) != null) {
                    recipient.receive(event.length);
                }
                parked = true;
                if (queue.isEmpty() && open) {
                    LockSupport.park(this);
                }
                parked = false;
            }
        }
    }
}
