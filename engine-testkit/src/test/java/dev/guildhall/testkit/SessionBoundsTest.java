package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Audience;
import dev.guildhall.AudienceOptions;
import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription.Mode;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of replay and backlog in bytes, and that healthy clients never meet the bound of the backlog. */
class SessionBoundsTest {
    /** An event of type E with this payload weighs 1,000. */
    private static final String PAYLOAD = "x".repeat(1_000 - 1 - SessionOptions.EVENT_OVERHEAD_BYTES);

    private static final Pattern RANGE = Pattern.compile("\"from\":(\\d+),\"to\":(\\d+)");

    private final TwoLanes lanes = new TwoLanes();

    private void publishThousands(int count) {
        for (int i = 0; i < count; i++) {
            lanes.guild.tryPublish(Event.of("E", PAYLOAD));
        }
        lanes.runAll();
    }

    private static SessionOptions.Builder backlogOfTenThousand(OverflowPolicy policy) {
        return SessionOptions.builder().maxBacklogBytes(10_000).overflow(policy);
    }

    @Test
    void aReplayAboveItsBytesForgetsTheOldest() {
        InMemoryClient client =
                lanes.subscribed(SessionOptions.builder().maxReplayBytes(8_000).build(), 0);
        publishThousands(8);
        assertThat(lanes.read(client)).hasSize(8);
        assertThat(lanes.read(lanes.resumeFrom(client, 0))).hasSize(9);
        publishThousands(2);
        assertThat(lanes.refusal(lanes.resumeFrom(client, 2))).isEqualTo(ResumeResult.Reason.SEQ_TRIMMED);
        lanes.drain();
    }

    @Test
    void aReplayAboveItsBytesKeepsSevenEighths() {
        InMemoryClient client =
                lanes.subscribed(SessionOptions.builder().maxReplayBytes(8_000).build(), 0);
        publishThousands(9);
        assertThat(lanes.read(client)).hasSize(9);
        assertThat(lanes.refusal(lanes.resumeFrom(client, 1))).isEqualTo(ResumeResult.Reason.SEQ_TRIMMED);
        assertThat(lanes.types(lanes.resumeFrom(client, 2))).hasSize(8).endsWith(Event.RESUMED);
        lanes.drain();
    }

    @Test
    void aBacklogAboveItsBytesDisconnectsAndThenEndsAtTwiceThat() {
        InMemoryClient client = lanes.subscribed(
                backlogOfTenThousand(OverflowPolicy.DISCONNECT_RESUMABLE).build(), 0);
        client.stall();
        publishThousands(10);
        assertThat(client.closed()).isNotDone();
        publishThousands(1);
        assertThat(client.closed().join().kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(client.wasToldToResume()).isTrue();
        publishThousands(9);
        assertThat(client.session().isOpen()).isTrue();
        publishThousands(1);
        assertThat(client.session().closeReason())
                .extracting(CloseReason::kind)
                .isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(lanes.drain().dropped()).isEqualTo(21);
    }

    @Test
    void aBacklogAboveItsBytesEndsASessionThatIsToBeInvalidated() {
        InMemoryClient client =
                lanes.subscribed(backlogOfTenThousand(OverflowPolicy.INVALIDATE).build(), 0);
        client.stall();
        publishThousands(10);
        assertThat(client.session().isOpen()).isTrue();
        publishThousands(1);
        assertThat(client.closed().join().kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(client.wasToldToResume()).isFalse();
        assertThat(client.session().isOpen()).isFalse();
        assertThat(lanes.drain().dropped()).isEqualTo(11);
    }

    @Test
    void aBacklogAboveItsBytesDropsItsOldestWithAGap() {
        InMemoryClient client = lanes.subscribed(
                backlogOfTenThousand(OverflowPolicy.DROP_OLDEST_WITH_GAP).build(), 0);
        client.stall();
        publishThousands(30);
        client.unstall();
        var received = lanes.read(client);
        assertThat(received.getFirst().event().type()).isEqualTo(Event.GAP);
        int lost = 30 - (received.size() - 1);
        assertThat(received.getFirst().event().text())
                .endsWith("\"from\":1,\"to\":" + lost + ",\"lost\":" + lost + "}");
        assertThat(received.size()).isBetween(8, 11);
        assertThat(lanes.drain().gaps()).isEqualTo(lost);
    }

    /** A passive subscription's summary comes after what was for its user alone, and tells of what was before that. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void whatIsDroppedTogetherWithALaterSummaryIsInTheGap(int beforeTheSummary) {
        SessionOptions options = SessionOptions.builder()
                .maxBacklogEvents(128)
                .overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP)
                .build();
        InMemoryClient client =
                lanes.transport.connect("client", options, lanes.engine.lanes().getFirst());
        client.session().subscribe(lanes.guild).setMode(Mode.PASSIVE);
        lanes.runAll();
        client.stall();
        lanes.publish(1);
        long first = lanes.guild.nextOffset();
        publishForItAlone(beforeTheSummary);
        lanes.clock.advance(AudienceOptions.DEFAULT_UNREAD_PERIOD);
        lanes.runAll();
        publishForItAlone(128 - beforeTheSummary);
        client.unstall();
        List<Long> known = new ArrayList<>();
        for (Received received : lanes.read(client)) {
            Event event = received.event();
            if (event.type().equals(Event.GAP)) {
                Matcher range = RANGE.matcher(event.text());
                assertThat(range.find()).isTrue();
                LongStream.rangeClosed(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)))
                        .forEach(known::add);
            } else {
                known.add(event.offset());
            }
        }
        assertThat(known)
                .containsAll(LongStream.range(first, lanes.guild.nextOffset())
                        .boxed()
                        .toList());
        lanes.drain();
    }

    private void publishForItAlone(int count) {
        for (int i = 0; i < count; i++) {
            lanes.guild.tryPublish(Event.of("E", "").to(Audience.users(List.of("client"))));
        }
        lanes.runAll();
    }

    /** What it has and has not acknowledged is twice what may be unwritten, and with the larger replay all of it is kept. */
    @ParameterizedTest
    @ValueSource(ints = {SessionOptions.DEFAULT_MAX_REPLAY_EVENTS, 4_096})
    void aClientThatAcknowledgesWithItsHeartbeatIsNeverDisconnected(int maxReplay) {
        SessionOptions options = SessionOptions.builder()
                .maxBacklogEvents(1_024)
                .maxReplayEvents(maxReplay)
                .build();
        InMemoryClient client = lanes.subscribed(options, 0);
        for (int second = 1; second <= 5 * 41; second++) {
            lanes.publish(50);
            lanes.read(client);
            lanes.clock.advance(Duration.ofSeconds(1));
            if (second % 41 == 0) {
                client.acknowledge();
            }
        }
        assertThat(client.closed()).isNotDone();
        assertThat(client.lastSeq()).isEqualTo(5 * 41 * 50);
        assertThat(lanes.life).containsExactly("opened");
        lanes.drain();
    }
}
