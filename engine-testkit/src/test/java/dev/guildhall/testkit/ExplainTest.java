package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Explanation;
import dev.guildhall.Guild;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of an event for a session. */
class ExplainTest {
    private static final int LOG_CAPACITY = 256;
    private static final SessionOptions OPTIONS = SessionOptions.builder()
            .maxBacklogEvents(128)
            .maxReplayEvents(32)
            .overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP)
            .build();

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(1);
    private final InMemoryTransport transport = InMemoryTransport.create(512);
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .logCapacity(LOG_CAPACITY)
            .transport(transport)
            .open();
    private final Guild guild = engine.guild("g");

    private CompletableFuture<Explanation> ask(Session session, long offset) {
        return guild.explain(session, offset).toCompletableFuture();
    }

    private Explanation explain(InMemoryClient client, long offset) {
        CompletableFuture<Explanation> answer = ask(client.session(), offset);
        executor.runAll();
        assertThat(answer).isDone();
        return answer.join();
    }

    private InMemoryClient subscribed(long mask) {
        InMemoryClient client = transport.connect("client", OPTIONS);
        client.session().subscribe(guild, mask);
        executor.runAll();
        return client;
    }

    private long publish(Event event) {
        long offset = guild.publish(event).offset();
        executor.runAll();
        return offset;
    }

    private long publish() {
        return publish(Event.of("E", "text"));
    }

    private void read(InMemoryClient client) {
        do {
            executor.runAll();
            while (client.poll() != null) {}
        } while (executor.waiting() > 0);
    }

    @Test
    void anEventIsNotReachedThenWaitsThenIsDelivered() {
        InMemoryClient client = subscribed(-1);
        client.stall();
        long offset = guild.publish(Event.of("E", "text")).offset();
        assertThat(explain(client, offset)).isEqualTo(Explanation.NOT_REACHED); // asked before the lane has run
        assertThat(explain(client, offset)).isEqualTo(Explanation.WAITING);
        client.unstall();
        read(client);
        assertThat(explain(client, offset)).isEqualTo(Explanation.DELIVERED);
        client.acknowledge();
        assertThat(explain(client, offset)).isEqualTo(Explanation.DELIVERED);
    }

    @Test
    void whatTheConnectionOfAClientThatCameBackWasNotWrittenWaits() {
        InMemoryClient client = subscribed(-1);
        long offset = publish();
        assertThat(client.unread()).isEqualTo(1);
        client.disconnect();
        InMemoryClient back = client.resume();
        back.stall();
        assertThat(explain(client, offset)).isEqualTo(Explanation.WAITING);
        back.unstall();
        executor.runAll();
        assertThat(explain(client, offset)).isEqualTo(Explanation.DELIVERED);
    }

    @Test
    void aMaskThatDoesNotCoverTheNeedFilters() {
        InMemoryClient client = subscribed(0b01);
        assertThat(explain(client, publish(Event.of("E", "text").needing(0b10))))
                .isEqualTo(Explanation.FILTERED);
        assertThat(explain(client, publish(Event.of("E", "text").needing(0b01))))
                .isEqualTo(Explanation.DELIVERED);
    }

    @Test
    void aNewerValueTakesTheOldersPlace() {
        InMemoryClient client = subscribed(-1);
        client.stall();
        long older = publish(Event.of("L", "1").withDelivery(Delivery.latest("k")));
        long newer = publish(Event.of("L", "2").withDelivery(Delivery.latest("k")));
        assertThat(explain(client, older)).isEqualTo(Explanation.CONFLATED);
        assertThat(explain(client, newer)).isEqualTo(Explanation.WAITING);
        client.unstall();
        read(client);
        assertThat(explain(client, newer)).isEqualTo(Explanation.DELIVERED);
        assertThat(explain(client, older)).isEqualTo(Explanation.UNKNOWN); // written and forgotten would look the same
    }

    @Test
    void betweenEventsThatAreKeptItIsCertainThatAValueWasReplaced() {
        InMemoryClient client = subscribed(-1);
        publish();
        client.stall();
        long older = publish(Event.of("L", "1").withDelivery(Delivery.latest("k")));
        publish(Event.of("L", "2").withDelivery(Delivery.latest("k")));
        client.unstall();
        read(client);
        assertThat(explain(client, older)).isEqualTo(Explanation.CONFLATED);
    }

    @Test
    void whatAGapTellsIsDroppedAlsoWhenTheGapWasAcknowledged() {
        InMemoryClient client = subscribed(-1);
        client.stall();
        long first = publish();
        for (int i = 0; i < 200; i++) {
            publish();
        }
        assertThat(explain(client, first)).isEqualTo(Explanation.DROPPED);
        client.unstall();
        read(client);
        client.acknowledge();
        assertThat(explain(client, first)).isEqualTo(Explanation.DROPPED);
        assertThat(explain(client, first + 200)).isEqualTo(Explanation.DELIVERED);
    }

    @Test
    void whatCountsForAMomentIsDroppedWhenItIsOver() {
        InMemoryClient client = subscribed(-1);
        Event typing = Event.of("T", "typing").withDelivery(Delivery.ephemeral(Duration.ofSeconds(5)));
        long written = publish(typing);
        read(client);
        client.stall();
        long late = publish(typing);
        assertThat(explain(client, late)).isEqualTo(Explanation.WAITING);
        clock.advance(Duration.ofSeconds(6));
        assertThat(explain(client, late)).isEqualTo(Explanation.DROPPED);
        client.unstall();
        read(client);
        assertThat(explain(client, late)).isEqualTo(Explanation.DROPPED);
        assertThat(explain(client, written)).isEqualTo(Explanation.DELIVERED);
    }

    @Test
    void whoeverIsNotSubscribedIsToldSo() {
        long before = publish();
        InMemoryClient client = subscribed(-1);
        Subscription subscription = client.session().subscribe(guild);
        assertThat(explain(client, before)).isEqualTo(Explanation.NOT_SUBSCRIBED);
        subscription.unsubscribe();
        executor.runAll();
        assertThat(explain(client, publish())).isEqualTo(Explanation.NOT_SUBSCRIBED);
        InMemoryClient stranger = transport.connect("stranger");
        assertThat(explain(stranger, before)).isEqualTo(Explanation.NOT_SUBSCRIBED);
    }

    @Test
    void whatIsNoEventWasNotPublished() {
        InMemoryClient client = subscribed(-1);
        Subscription subscription = client.session().subscribe(guild);
        assertThat(explain(client, subscription.firstOffset() - 1)).isEqualTo(Explanation.NOT_PUBLISHED);
        assertThat(explain(client, guild.nextOffset())).isEqualTo(Explanation.NOT_PUBLISHED);
        assertThat(explain(client, Long.MAX_VALUE)).isEqualTo(Explanation.NOT_PUBLISHED);
    }

    @Test
    void whatTheLogAndTheRingHaveForgottenIsUnknown() {
        InMemoryClient client = subscribed(-1);
        long offset = publish();
        for (int i = 0; i < LOG_CAPACITY; i++) {
            publish();
        }
        read(client);
        assertThat(explain(client, offset)).isEqualTo(Explanation.UNKNOWN);
    }

    @Test
    void whatALaneThatStoodStillHasLostIsDroppedAlsoForAnInlineSubscriber() {
        SeededExecutor stuck = new SeededExecutor(2);
        Engine other = Engine.builder()
                .laneExecutors(List.of(stuck.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .logCapacity(64)
                .laneStallLimit(Duration.ofSeconds(1))
                .open();
        Guild small = other.guild("small");
        Session session = other.openSession("ann", SessionOptions.DEFAULT.withInline(), event -> {});
        session.subscribe(small);
        stuck.runAll();
        while (small.tryPublish(Event.of("E", "text")).isAccepted()) {}
        clock.advance(Duration.ofSeconds(1));
        long last = small.publish(Event.of("E", "text")).offset();
        stuck.runAll();
        CompletableFuture<Explanation> answer = small.explain(session, last).toCompletableFuture();
        stuck.runAll();
        executor.runAll();
        assertThat(answer).isCompletedWithValue(Explanation.DROPPED);
    }

    @Test
    void misuseThrows() {
        InMemoryClient client = subscribed(-1);
        assertThatThrownBy(() -> guild.explain(client.session(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        try (Engine other = Engine.open()) {
            assertThatThrownBy(() -> other.guild("g").explain(client.session(), 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another engine");
        }
    }

    @Test
    void everyQuestionIsAnsweredWhenSessionAndEngineEnd() {
        InMemoryClient client = subscribed(-1);
        long offset = publish();
        CompletableFuture<Explanation> whileItCloses = ask(client.session(), offset);
        client.session().close(CloseReason.REQUESTED);
        executor.runAll();
        assertThat(whileItCloses).isDone();
        assertThat(explain(client, offset)).isEqualTo(Explanation.UNKNOWN);

        InMemoryClient second = subscribed(-1);
        long last = publish();
        CompletableFuture<Explanation> before = ask(second.session(), last);
        engine.drain();
        CompletableFuture<Explanation> meanwhile = ask(second.session(), last);
        executor.runAll();
        assertThat(before).isDone();
        assertThat(meanwhile).isDone();
        CompletableFuture<Explanation> afterwards = ask(second.session(), last);
        executor.runAll();
        assertThat(afterwards).isCompletedWithValue(Explanation.UNKNOWN);
    }

    @Test
    void aLaneWhoseExecutorHasStoppedLeavesNobodyWaiting() {
        boolean[] stopped = new boolean[1];
        Executor stopping = task -> {
            if (stopped[0]) {
                throw new RejectedExecutionException("stopped");
            }
            executor.execute(task);
        };
        Engine other = Engine.builder()
                .laneExecutors(List.of(stopping))
                .blockingExecutor(executor)
                .open();
        Session session = other.openSession("ann", event -> {});
        Guild otherGuild = other.guild("g");
        session.subscribe(otherGuild);
        executor.runAll();
        long offset = otherGuild.publish(Event.of("E", "text")).offset();
        executor.runAll();
        stopped[0] = true;
        for (int i = 0; i < 2; i++) {
            CompletableFuture<Explanation> answer =
                    otherGuild.explain(session, offset).toCompletableFuture();
            executor.runAll();
            assertThat(answer).isCompletedWithValue(Explanation.UNKNOWN);
        }
        assertThat(other.topSlowSessions(1).toCompletableFuture()).satisfies(answer -> {
            executor.runAll();
            assertThat(answer).isCompletedWithValue(List.of());
        });
    }

    @Test
    void questionsAreBounded() {
        InMemoryClient client = subscribed(-1);
        long offset = publish();
        List<CompletableFuture<Explanation>> answers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            answers.add(ask(client.session(), offset));
        }
        assertThat(answers.getLast()).isCompletedWithValue(Explanation.OVERLOADED);
        executor.runAll();
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isDone());
        assertThat(answers.getFirst()).isCompletedWithValue(Explanation.DELIVERED);
        assertThat(explain(client, offset)).isEqualTo(Explanation.DELIVERED);
    }

    /** Whatever happens to a session, an answer that is certain is true. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anAnswerIsNeverAGuess(long seed) {
        Random random = new Random(seed);
        InMemoryClient[] client = {subscribed(0b01)};
        Set<Long> received = new HashSet<>();
        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(10)) {
                case 0 -> client[0].stall();
                case 1, 2 -> client[0].unstall();
                case 3 -> client[0].acknowledge();
                case 4 -> clock.advance(Duration.ofSeconds(random.nextInt(4)));
                case 5 -> {
                    note(client[0], received);
                    client[0].disconnect();
                    executor.runAll();
                    client[0] = client[0].resume();
                    executor.runAll();
                }
                default -> publishSome(random);
            }
            executor.runAll();
            note(client[0], received);
            if (step % 10 == 0) {
                check(client[0], received, seed);
            }
        }
    }

    private void publishSome(Random random) {
        for (int i = random.nextInt(30); i > 0; i--) {
            Event event = Event.of("E", "text").needing(random.nextInt(10) == 0 ? 0b10 : 0);
            Delivery delivery = switch (random.nextInt(4)) {
                case 0 -> Delivery.latest("k" + random.nextInt(3));
                case 1 -> Delivery.ephemeral(Duration.ofSeconds(2));
                default -> Delivery.RELIABLE;
            };
            publish(event.withDelivery(delivery));
        }
    }

    private static void note(InMemoryClient client, Set<Long> received) {
        for (var next = client.poll(); next != null; next = client.poll()) {
            if (next.event().type().equals("E")) {
                received.add(next.event().offset());
            }
        }
    }

    private void check(InMemoryClient client, Set<Long> received, long seed) {
        for (long offset = Math.max(0, guild.nextOffset() - 400); offset < guild.nextOffset(); offset++) {
            Explanation answer = explain(client, offset);
            note(client, received);
            boolean wasReceived = received.contains(offset);
            switch (answer) {
                case DELIVERED ->
                    assertThat(wasReceived)
                            .as("seed %d, offset %d", seed, offset)
                            .isTrue();
                case UNKNOWN, NOT_SUBSCRIBED, NOT_PUBLISHED -> {}
                default ->
                    assertThat(wasReceived)
                            .as("seed %d, offset %d: %s", seed, offset, answer)
                            .isFalse();
            }
        }
    }
}
