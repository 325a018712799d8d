package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.EngineBuilder;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.Received;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who pays when the engine holds more than it may. */
class EngineBudgetTest {
    private static final SessionOptions ROOMY = SessionOptions.builder()
            .maxReplayBytes(1 << 28)
            .maxBacklogBytes(1 << 28)
            .build();
    private static final SessionOptions DROPPING =
            ROOMY.toBuilder().overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP).build();
    private static final Event KILOBYTE = Event.of("E", "x".repeat(1_024));

    private final TwoLanes lanes = new TwoLanes(builder -> builder.maxRetainedBytes(EngineBuilder.MIN_RETAINED_BYTES));

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void replayIsForgottenFirstAndThenTheWorstPays(int laneOfTheWorst) {
        Guild little = lanes.engine.guild("little");
        Guild much = lanes.engine.guild("much");
        InMemoryClient better = lanes.subscribed(ROOMY, 0, little);
        InMemoryClient worst = lanes.subscribed(ROOMY, laneOfTheWorst, much);
        InMemoryClient reading = lanes.subscribed(ROOMY, 1);
        better.stall();
        worst.stall();
        int rounds = 0;
        while (lanes.engine.stats().trimmedForBudget() == 0) {
            publishRound(little, much, reading);
            rounds++;
            assertThat(rounds).isLessThan(400);
        }
        assertThat(lanes.engine.stats().overBudget()).isZero();
        assertThat(worst.session().isOpen()).isTrue();
        for (; rounds < 400; rounds++) {
            publishRound(little, much, reading);
        }
        EngineStats stats = lanes.engine.stats();
        assertThat(worst.session().closeReason()).extracting(CloseReason::kind).isEqualTo(CloseReason.Kind.OVER_BUDGET);
        assertThat(stats.overBudget()).isEqualTo(1);
        assertThat(stats.retainedBytes()).isLessThanOrEqualTo(EngineBuilder.MIN_RETAINED_BYTES);
        assertThat(reading.lastSeq()).isEqualTo(400);
        better.unstall();
        assertThat(lanes.read(better)).hasSize(400);
        lanes.drain();
    }

    private void publishRound(Guild little, Guild much, InMemoryClient reading) {
        little.tryPublish(KILOBYTE);
        much.tryPublish(KILOBYTE);
        much.tryPublish(KILOBYTE);
        lanes.guild.tryPublish(KILOBYTE);
        lanes.read(reading);
    }

    @Test
    void aSessionThatDropsItsOldestIsToldWhatItPaid() {
        InMemoryClient stalled = lanes.subscribed(DROPPING, 0);
        stalled.stall();
        publishUntilItPays(1);
        assertThat(stalled.session().isOpen()).isTrue();
        for (int i = 0; i < 10; i++) {
            lanes.guild.tryPublish(KILOBYTE);
        }
        stalled.unstall();
        List<Received> received = lanes.read(stalled);
        long published = lanes.guild.nextOffset() - 1; // the first place is the subscription's
        assertThat(received.getFirst().event().type()).isEqualTo(Event.GAP);
        assertThat(received.getFirst().event().text())
                .contains("\"from\":1,")
                .endsWith("\"lost\":" + (published - (received.size() - 1)) + "}");
        assertThat(received.stream().skip(1))
                .noneMatch(other -> other.event().type().equals(Event.GAP));
        lanes.drain();
    }

    @Test
    void ifALanesWorstHavePaidAndItIsNotEnoughAnotherLanesWorstPay() {
        Guild most = lanes.engine.guild("most");
        Guild less = lanes.engine.guild("less");
        Guild least = lanes.engine.guild("least");
        InMemoryClient worst = lanes.subscribed(ROOMY, 0, most);
        InMemoryClient second = lanes.subscribed(ROOMY, 1, less);
        InMemoryClient better = lanes.subscribed(ROOMY, 1, least);
        List.of(worst, second, better).forEach(InMemoryClient::stall);
        publish(most, 75);
        publish(less, 65);
        publish(least, 30);
        lanes.runAll();
        assertThat(lanes.engine.stats().retainedBytes()).isLessThanOrEqualTo(EngineBuilder.MIN_RETAINED_BYTES);
        assertThat(List.of(worst, second))
                .allSatisfy(client -> assertThat(client.session().closeReason())
                        .extracting(CloseReason::kind)
                        .isEqualTo(CloseReason.Kind.OVER_BUDGET));
        assertThat(better.session().isOpen()).isTrue();
        better.leave();
        lanes.drain();
    }

    @Test
    void sessionsThatHaveNothingButNoticesDoNotPayAgainAndAgain() {
        List<InMemoryClient> clients = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            InMemoryClient client = lanes.subscribed(DROPPING, i % 2);
            client.stall();
            clients.add(client);
        }
        publish(lanes.guild, 70);
        lanes.runAll(); // comes to rest, though the rings alone are too much
        EngineStats stats = lanes.engine.stats();
        assertThat(stats.retainedBytes()).isGreaterThan(EngineBuilder.MIN_RETAINED_BYTES);
        assertThat(stats.overBudget()).isEqualTo(clients.size());
        clients.forEach(InMemoryClient::leave);
        lanes.drain();
    }

    private static void publish(Guild guild, int times) {
        Event large = Event.of("E", "x".repeat(16_384));
        for (int i = 0; i < times; i++) {
            assertThat(guild.tryPublish(large).isAccepted()).isTrue();
        }
    }

    @Test
    void itSaysSoOnceAMinute() {
        PrintStream before = System.err;
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        System.setErr(new PrintStream(seen, true, StandardCharsets.UTF_8));
        try {
            InMemoryClient stalled = lanes.subscribed(DROPPING, 0);
            stalled.stall();
            publishUntilItPays(3);
            assertThat(warnings(seen)).isEqualTo(1);
            lanes.clock.advance(Duration.ofSeconds(59));
            publishUntilItPays(4);
            assertThat(warnings(seen)).isEqualTo(1);
            lanes.clock.advance(Duration.ofSeconds(1));
            publishUntilItPays(6);
            assertThat(warnings(seen)).isEqualTo(2);
            stalled.leave();
        } finally {
            System.setErr(before);
        }
        lanes.drain();
    }

    private static long warnings(ByteArrayOutputStream seen) {
        return seen.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("WARN") && line.contains("more than maxRetainedBytes"))
                .count();
    }

    private void publishUntilItPays(long times) {
        for (int i = 0; lanes.engine.stats().overBudget() < times; i++) {
            lanes.guild.tryPublish(KILOBYTE);
            lanes.runAll();
            assertThat(i).isLessThan(10_000);
        }
    }
}
