package dev.guildhall.bench.rivals;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A multicast sink per topic; each recipient receives on {@code Schedulers.parallel()}, through a {@code publishOn} of its own. */
final class ReactorFanOut implements FanOut {
    private static final long PAUSE_NANOS = 20_000;

    private final Sinks.Many<byte[]>[] sinks;
    private final Turns<byte[]> events;

    @SuppressWarnings("unchecked")
    ReactorFanOut(Recipient[][] topics, byte[]... events) {
        this.events = new Turns<>(List.of(events));
        sinks = Arrays.stream(topics).map(ReactorFanOut::sink).toArray(Sinks.Many[]::new);
    }

    private static Sinks.Many<byte[]> sink(Recipient[] recipients) {
        Sinks.Many<byte[]> sink = Sinks.many().multicast().directAllOrNothing();
        for (Recipient recipient : recipients) {
            sink.asFlux().publishOn(Schedulers.parallel()).subscribe(event -> recipient.receive(event.length));
        }
        return sink;
    }

    @Override
    public void publish() {
        byte[] event = events.next();
        for (Sinks.Many<byte[]> sink : sinks) {
            // Overflow: a recipient has no room, and all get the event or none does.
            sink.emitNext(event, (signal, result) -> {
                LockSupport.parkNanos(PAUSE_NANOS);
                return result == Sinks.EmitResult.FAIL_OVERFLOW;
            });
        }
    }

    @Override
    public void close() {
        for (Sinks.Many<byte[]> sink : sinks) {
            sink.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }
}
