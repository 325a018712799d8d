package dev.guildhall.bench.rivals;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One ring buffer, and as many consumers as processors, each of which calls its share of a topic's recipients: how fast lanes can be
 * that have no sessions, no interests and nothing to resume.
 */
final class DisruptorFanOut implements FanOut {
    private static final int CAPACITY = 4_096;

    private final Disruptor<Slot> disruptor = new Disruptor<>(
            Slot::new,
            CAPACITY,
            Thread.ofPlatform().daemon().factory(),
            ProducerType.SINGLE,
            new BlockingWaitStrategy());
    private final int topics;
    private final Turns<byte[]> events;

    DisruptorFanOut(Recipient[][] topics, byte[]... events) {
        this.events = new Turns<>(List.of(events));
        this.topics = topics.length;
        int lanes = Runtime.getRuntime().availableProcessors();
        disruptor.handleEventsWith(IntStream.range(0, lanes)
                .mapToObj(lane -> new Lane(topics, lane, lanes))
                .toArray(Lane[]::new));
        disruptor.start();
    }

    @Override
    public void publish() {
        byte[] event = events.next();
        for (int topic = 0; topic < topics; topic++) {
            disruptor.publishEvent(DisruptorFanOut::fill, topic, event);
        }
    }

    private static void fill(Slot slot, long sequence, int topic, byte[] event) {
        slot.topic = topic;
        slot.event = event;
    }

    @Override
    public void close() {
        disruptor.shutdown();
    }

    private static final class Slot {
        int topic;
        byte[] event = {};
    }

    private static final class Lane implements EventHandler<Slot> {
        private final Recipient[][] topics;

        Lane(Recipient[][] all, int lane, int lanes) {
            topics = Arrays.stream(all)
                    .map(recipients -> Arrays.copyOfRange(
                            recipients, recipients.length * lane / lanes, recipients.length * (lane + 1) / lanes))
                    .toArray(Recipient[][]::new);
        }

        @Override
        public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
            for (Recipient recipient : topics[slot.topic]) {
                recipient.receive(slot.event.length);
            }
        }
    }
}
