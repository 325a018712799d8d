package dev.guildhall.bench.baseline;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/**
 * The JDK's own publisher with its default buffer, on virtual threads. (Its default executor is a platform thread per task where
 * the common pool has one worker, as on two cores; that one was seen to leave a subscriber asleep with events in its buffer.)
 */
public final class SubmissionPublisherFanOut implements FanOut {
    private final SubmissionPublisher<byte[]> publisher =
            new SubmissionPublisher<>(Executors.newVirtualThreadPerTaskExecutor(), Flow.defaultBufferSize());
    private final byte[][] events;
    private int next;

    /** One subscriber with unbounded demand for each recipient. */
    public SubmissionPublisherFanOut(Recipient[] recipients, byte[]... events) {
        this.events = events;
        for (Recipient recipient : recipients) {
            publisher.subscribe(new Receiver(recipient));
        }
    }

    @Override
    public void publish() {
        publisher.submit(events[next]);
        next = next + 1 < events.length ? next + 1 : 0;
    }

    @Override
    public void close() {
        publisher.close();
    }

    private record Receiver(Recipient recipient) implements Flow.Subscriber<byte[]> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(byte[] event) {
            recipient.receive(event.length);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
