package dev.guildhall.bench.rivals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A contender that loses, doubles or reorders events is none: what it is measured for is not what is asked. */
@Timeout(30)
final class ContenderTest {
    /** More than any contender's buffer of a recipient holds, so that publishers have to wait. */
    private static final int EVENTS = 2_000;

    @ParameterizedTest
    @EnumSource
    void everyRecipientOfATopicGetsEveryEventOnceAndInOrder(Contender contender) {
        assertCompleteAndInOrder(contender, 1, 50);
    }

    @ParameterizedTest
    @EnumSource
    void everyTopicGetsEveryEvent(Contender contender) {
        assertCompleteAndInOrder(contender, 10, 5);
    }

    private static void assertCompleteAndInOrder(Contender contender, int topics, int recipients) {
        InOrder[][] all = IntStream.range(0, topics)
                .mapToObj(topic -> IntStream.range(0, recipients)
                        .mapToObj(i -> new InOrder())
                        .toArray(InOrder[]::new))
                .toArray(InOrder[][]::new);
        byte[][] events = IntStream.rangeClosed(1, EVENTS).mapToObj(byte[]::new).toArray(byte[][]::new);
        try (FanOut fanOut = contender.open(all, events)) {
            for (int i = 0; i < EVENTS; i++) {
                fanOut.publish();
            }
            for (InOrder[] ofTopic : all) {
                Recipient.awaitAll(ofTopic, EVENTS);
            }
        }
        List<InOrder> everybody = Arrays.stream(all).flatMap(Arrays::stream).toList();
        assertThat(everybody)
                .allSatisfy(recipient -> assertThat(recipient.firstWrong).isNull());
        assertThat(everybody)
                .allSatisfy(recipient -> assertThat(recipient.received()).isEqualTo(EVENTS));
    }

    /** Knows an event by its length, which is its number. */
    private static final class InOrder extends Recipient {
        private int last;
        private volatile @Nullable String firstWrong;

        @Override
        public void receive(int length) {
            if (length != last + 1 && firstWrong == null) {
                firstWrong = "event " + length + " after " + last;
            }
            last = length;
            super.receive(length);
        }
    }
}
