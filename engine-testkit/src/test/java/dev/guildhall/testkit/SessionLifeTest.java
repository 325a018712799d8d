package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.AttachReason;
import dev.guildhall.Attribute;
import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happens to a session whose client stalls, vanishes, lies or comes back. */
class SessionLifeTest {
    private static final SessionOptions SMALL = SessionOptions.builder()
            .maxBacklogEvents(128)
            .maxReplayEvents(16)
            .maxBacklogBytes(64 * 1024)
            .build();

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(1);
    private final List<String> life = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private final InMemoryTransport transport = InMemoryTransport.create(512)
            .onCommand((session, command) -> commands.add(session.user() + ":" + command.text()));
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .maxRetainedBytes(1 << 20)
            .sessionListener(new Recorder())
            .transport(transport)
            .open();
    private final Guild guild = engine.guild("g");

    private final class Recorder implements SessionListener {
        @Override
        public void onOpened(Session session) {
            life.add("opened");
        }

        @Override
        public void onAttached(Session session, AttachReason reason) {
            life.add("attached " + reason);
        }

        @Override
        public void onDetached(Session session, CloseReason reason) {
            life.add("detached " + reason.kind());
        }

        @Override
        public void onResumed(Session session, CloseReason lost) {
            life.add("resumed after " + lost.kind());
        }

        @Override
        public void onClosed(Session session, CloseReason reason) {
            life.add("closed " + reason.kind());
        }
    }

    @Test
    void aSessionOutlivesItsConnectionAndItsClientMissesNothing() {
        InMemoryClient client = subscribed(SMALL);
        publish(3);
        assertThat(texts(client)).containsExactly("0", "1", "2");
        client.disconnect();
        publish(2);
        executor.runAll();
        assertThat(client.session().isOpen()).isTrue();
        assertThat(client.session().isAttached()).isFalse();
        assertThat(engine.stats().detached()).isEqualTo(1);

        InMemoryClient back = client.resume();
        executor.runAll();
        publish(1);
        assertThat(read(back))
                .extracting(received -> received.event().type() + received.seq())
                .containsExactly("E4", "E5", "RESUMED6", "E7");
        back.leave();
        executor.runAll();
        assertThat(life)
                .containsExactly(
                        "opened",
                        "attached OPENED",
                        "detached CONNECTION_LOST",
                        "attached RESUMED",
                        "resumed after CONNECTION_LOST",
                        "closed CLIENT_LEFT");
        assertThat(engine.stats().detached()).isZero();
    }

    @Test
    void aSecondResumeWinsAndTheFirstConnectionIsTold() {
        InMemoryClient client = subscribed(SMALL);
        InMemoryClient second = client.resume();
        executor.runAll();
        assertThat(client.closed()).isCompletedWithValue(CloseReason.REPLACED);
        assertThat(client.wasToldToResume()).isFalse();
        client.acknowledge(); // a late word of the old connection means nothing
        client.disconnect();
        assertThat(client.send(Event.of("C", "late"))).isEqualTo(Outcome.CLOSED);
        publish(1);
        assertThat(texts(second)).containsExactly("{}", "0");
        assertThat(life)
                .containsExactly(
                        "opened",
                        "attached OPENED",
                        "detached REPLACED",
                        "attached TAKEN_OVER",
                        "resumed after REPLACED");
    }

    @Test
    void whoStaysAwayTooLongIsForgotten() {
        InMemoryClient client = subscribed(SMALL);
        client.disconnect();
        executor.runAll();
        clock.advance(Duration.ofSeconds(89));
        executor.runAll();
        assertThat(client.session().isOpen()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        executor.runAll();
        assertThat(client.session().closeReason()).isEqualTo(CloseReason.RESUME_EXPIRED);
        assertThat(guild.subscriptionCount()).isZero();
        assertThat(refusal(client.resume())).isEqualTo(ResumeResult.Reason.EXPIRED);
    }

    @Test
    void aWindowBeginsAnewWithEachLoss() {
        InMemoryClient client = subscribed(SMALL);
        for (int i = 0; i < 5; i++) {
            client.disconnect();
            executor.runAll();
            clock.advance(Duration.ofSeconds(60));
            executor.runAll();
            client = client.resume();
            executor.runAll();
            read(client);
        }
        assertThat(client.session().isAttached()).isTrue();
    }

    @Test
    void whatIsWrongWithAResumeIsSaid() {
        InMemoryClient client = subscribed(SMALL);
        InMemoryClient other = subscribed(SMALL);
        publish(40);
        read(client);
        String id = client.session().id();
        String secret = client.secret();
        assertThat(refusal(id, other.secret(), 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal(id, secret.substring(1), 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal(id, "", 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal(id, "not hexadecimal", 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal("", secret, 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal("z".repeat(32), secret, 40)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal(id.replace(id.charAt(31), id.charAt(31) == '0' ? '1' : '0'), secret, 40))
                .isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(refusal(id, secret, -1)).isEqualTo(ResumeResult.Reason.SEQ_INVALID);
        assertThat(refusal(id, secret, Long.MIN_VALUE)).isEqualTo(ResumeResult.Reason.SEQ_INVALID);
        assertThat(refusal(id, secret, 41)).isEqualTo(ResumeResult.Reason.SEQ_AHEAD);
        assertThat(refusal(id, secret, Long.MAX_VALUE)).isEqualTo(ResumeResult.Reason.SEQ_AHEAD);
        assertThat(refusal(id, secret, 25)).isEqualTo(ResumeResult.Reason.SEQ_TRIMMED);
        InMemoryClient stranger = transport.resume(new ResumeRequest(id, secret, 40, "somebody else"));
        assertThat(refusal(stranger)).isEqualTo(ResumeResult.Reason.UNKNOWN);
        assertThat(client.session().isAttached()).isTrue();
        assertThat(new ResumeRequest(id, secret, 40, null).toString()).doesNotContain(secret);
        assertThat(read(transport.resume(new ResumeRequest(id, secret, 26, "client"))))
                .hasSize(15);
        assertThat(engine.stats().resumesRefused()).isEqualTo(13);
        assertThat(engine.stats().replayed()).isEqualTo(14);
    }

    @Test
    void tenThousandResumesOfOneSessionLeaveOneConnectionAndNoLitter() {
        InMemoryClient client = subscribed(SMALL);
        List<InMemoryClient> attempts = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            attempts.add(client.resume());
        }
        executor.runAll();
        assertThat(attempts).allMatch(attempt -> attempt.resumption().isDone());
        assertThat(attempts.stream().filter(attempt -> !attempt.closed().isDone()))
                .hasSize(1);
        publish(1);
        assertThat(attempts.stream().filter(attempt -> texts(attempt).contains("0")))
                .hasSize(1);
        assertThat(engine.stats().sessions()).isEqualTo(1);
    }

    @Test
    void sessionsThatMoveInTheMiddleOfALargeBatchLoseNothing() {
        List<InMemoryClient> onFirstLane = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            InMemoryClient client = transport.connect("client");
            client.session().subscribe(guild);
            if (i % 2 == 0) {
                onFirstLane.add(client);
            }
            if (i % 1_000 == 0) {
                executor.runAll();
            }
        }
        executor.runAll();
        publish(20);
        for (int turn = 0; turn < 4; turn++) {
            executor.runOne();
        }
        List<InMemoryClient> back = new ArrayList<>();
        for (int i = 0; i < onFirstLane.size(); i += 150) {
            back.add(onFirstLane.get(i).resume());
        }
        publish(5);
        for (InMemoryClient client : back) {
            List<String> texts = new ArrayList<>(texts(client));
            assertThat(texts.remove("{}")).isTrue();
            assertThat(texts)
                    .isEqualTo(
                            IntStream.range(0, 25).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void aResumeDuringShutdownIsRefused() {
        InMemoryClient client = subscribed(SMALL);
        client.disconnect();
        executor.runAll();
        InMemoryClient late = client.resume();
        var drained = engine.drain().toCompletableFuture();
        executor.runAll();
        assertThat(drained).isDone();
        assertThat(refusal(late)).isEqualTo(ResumeResult.Reason.ENGINE_CLOSED);
        assertThat(client.session().closeReason()).isEqualTo(CloseReason.ENGINE_CLOSED);
        assertThat(refusal(client.resume())).isEqualTo(ResumeResult.Reason.ENGINE_CLOSED);
    }

    @Test
    void aSlowClientIsDisconnectedAndFindsEverythingWhenItComesBack() {
        InMemoryClient client = subscribed(SMALL);
        client.stall();
        publish(129);
        executor.runAll();
        assertThat(client.closed().join().kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(client.wasToldToResume()).isTrue();
        publish(100);
        assertThat(texts(client.resume())).hasSize(230).startsWith("0").endsWith("228", "{}");
        assertThat(engine.stats().dropped()).isZero();
    }

    @Test
    void aSlowClientThatStaysAwayIsClosedAtTwiceItsBound() {
        InMemoryClient client = subscribed(SMALL);
        client.stall();
        publish(300);
        executor.runAll();
        assertThat(client.session().closeReason())
                .extracting(CloseReason::kind)
                .isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(refusal(client.resume())).isEqualTo(ResumeResult.Reason.EXPIRED);
    }

    @Test
    void theOldestAreDroppedWithAGap() {
        InMemoryClient client = subscribed(
                SMALL.toBuilder().overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP).build());
        client.stall();
        publish(1_000);
        executor.runAll();
        client.unstall();
        List<Received> received = read(client);
        assertThat(received.getFirst().event().type()).isEqualTo(Event.GAP);
        assertThat(received).hasSizeLessThanOrEqualTo(128);
        long firstKept = received.get(1).event().offset();
        assertThat(received.getFirst().event().text())
                .contains("\"from\":1,\"to\":" + (firstKept - 1) + ",\"lost\":" + (firstKept - 1));
        assertThat(engine.stats().gaps()).isEqualTo(firstKept - 1);
        assertThat(received.getLast().event().text()).isEqualTo("999");
        assertThat(received).extracting(Received::seq).startsWith(1L, 2L, 3L);
    }

    @Test
    void aSessionThatDropsItsOldestGoesOnWhateverIsPublished() {
        InMemoryClient client = subscribed(SMALL.toBuilder()
                .maxBacklogBytes(4096)
                .overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP)
                .build());
        for (int i = 0; i < 200; i++) {
            client.session().subscribe(engine.guild("g" + i));
        }
        client.stall();
        for (int i = 0; i < 1_000; i++) {
            engine.guild("g" + i % 200).tryPublish(Event.of("E", "x".repeat(i % 7 == 0 ? 4_000 : 20)));
            executor.runAll();
        }
        assertThat(client.session().isOpen()).isTrue();
        client.unstall();
        Map<String, Long> last = new HashMap<>();
        for (Received received : read(client)) {
            assertThat(received.event().offset())
                    .isGreaterThan(last.getOrDefault(received.event().guildId(), 0L));
            last.put(received.event().guildId(), received.event().offset());
        }
        assertThat(last)
                .hasSize(200)
                .allSatisfy((id, offset) -> assertThat(offset).isEqualTo(5));
    }

    @Test
    void oneQuietClientDoesNotMakeOthersPayForWhatNobodyHolds() {
        InMemoryClient quiet = subscribed(SMALL);
        InMemoryClient reading = transport.connect("client", SessionOptions.DEFAULT);
        Guild busy = engine.guild("busy");
        reading.session().subscribe(busy);
        quiet.stall();
        publish(1);
        for (int i = 0; i < 5_000; i++) {
            busy.tryPublish(Event.of("E", "x".repeat(1024)));
            read(reading);
            reading.acknowledge();
        }
        executor.runAll();
        assertThat(engine.stats().overBudget()).isZero();
        assertThat(engine.stats().trimmedForBudget()).isZero();
        assertThat(reading.lastSeq()).isEqualTo(5_000);
    }

    @Test
    void aStalledClientThatDropsItsOldestDoesNotMakeOthersPay() {
        InMemoryClient stalled = subscribed(
                SMALL.toBuilder().overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP).build());
        stalled.stall();
        InMemoryClient reading = subscribed(SessionOptions.DEFAULT);
        for (int i = 0; i < 5_000; i++) {
            guild.tryPublish(Event.of("E", "x".repeat(1024)));
            read(reading);
            reading.acknowledge();
        }
        executor.runAll();
        assertThat(engine.stats().overBudget()).isZero();
        assertThat(engine.stats().retainedBytes()).isLessThan(1 << 20);
        assertThat(reading.lastSeq()).isEqualTo(5_000);
    }

    @Test
    void onlyTheNewestOfAKeyIsWrittenAndWhatIsForTheMomentIsDroppedFirst() {
        InMemoryClient client = subscribed(SMALL);
        client.stall();
        for (int i = 0; i < 10_000; i++) {
            guild.tryPublish(Event.of("L", "v" + i).withDelivery(Delivery.latest("k")));
            executor.runAll();
        }
        publish(64);
        for (int i = 0; i < 100; i++) {
            guild.tryPublish(Event.of("T", "typing").withDelivery(Delivery.ephemeral(Duration.ofSeconds(5))));
        }
        publish(60);
        executor.runAll();
        clock.advance(Duration.ofSeconds(6));
        guild.tryPublish(Event.of("T", "new").withDelivery(Delivery.ephemeral(Duration.ofSeconds(5))));
        executor.runAll();
        client.unstall();
        List<String> texts = texts(client);
        assertThat(texts).hasSize(126).startsWith("v9999").endsWith("new");
        assertThat(engine.stats().conflated()).isEqualTo(9_999);
    }

    @Test
    void anEventLargerThanASessionMayHoldIsRefusedOrAGap() {
        InMemoryClient client = subscribed(SMALL);
        Event large = Event.of("E", "x".repeat(64 * 1024));
        assertThat(client.session().send(large)).isEqualTo(Outcome.REFUSED);
        guild.tryPublish(large);
        publish(1);
        assertThat(read(client)).extracting(received -> received.event().type()).containsExactly(Event.GAP, "E");
        client.session().close(CloseReason.REQUESTED);
        client.session().close(CloseReason.CLIENT_LEFT);
        executor.runAll();
        assertThat(client.session().closeReason()).isEqualTo(CloseReason.REQUESTED);
        assertThat(client.session().send(Event.of("E", "late"))).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void theEnginesBudgetTakesReplayFirstAndThenTheWorst() {
        SessionOptions roomy = SessionOptions.builder()
                .maxReplayBytes(1 << 28)
                .maxBacklogBytes(1 << 28)
                .build();
        InMemoryClient reading = subscribed(roomy);
        InMemoryClient stalled = subscribed(roomy);
        stalled.stall();
        String kilobyte = "x".repeat(1024);
        for (int i = 0; i < 600; i++) {
            guild.tryPublish(Event.of("E", kilobyte));
            executor.runAll();
            read(reading);
        }
        assertThat(stalled.session().isOpen()).isTrue();
        for (int i = 0; i < 2_000; i++) {
            guild.tryPublish(Event.of("E", kilobyte));
            executor.runAll();
            read(reading);
        }
        EngineStats stats = engine.stats();
        assertThat(stats.trimmedForBudget()).isPositive();
        assertThat(stats.overBudget()).isEqualTo(1);
        assertThat(stats.retainedBytes()).isLessThanOrEqualTo((1 << 20) + 128 * 1024);
        assertThat(stalled.closed().join().kind()).isEqualTo(CloseReason.Kind.OVER_BUDGET);
        assertThat(reading.lastSeq()).isEqualTo(2_600);
    }

    @Test
    void aSessionThatHoldsNothingLendsItsRingToOthers() {
        List<InMemoryClient> first =
                Stream.generate(() -> subscribed(SMALL)).limit(20).toList();
        publish(3);
        first.forEach(client -> {
            assertThat(read(client)).hasSize(3);
            client.acknowledge();
        });
        executor.runAll();
        long withoutEvents = engine.stats().retainedBytes();
        assertThat(withoutEvents).isPositive(); // the rings that wait to be used again
        first.forEach(client -> client.session().subscribe(guild).unsubscribe());
        List<InMemoryClient> second =
                Stream.generate(() -> subscribed(SMALL)).limit(20).toList();
        publish(3);
        executor.runAll();
        second.forEach(client -> {
            assertThat(read(client)).hasSize(3);
            client.acknowledge();
        });
        executor.runAll();
        assertThat(engine.stats().retainedBytes()).isEqualTo(withoutEvents);
    }

    @Test
    void commandsAreHandledInOrderRatedAndBounded() {
        InMemoryClient client = subscribed(
                SMALL.toBuilder().maxWaitingCommands(5).commandRate(10, 8).build());
        for (int i = 0; i < 5; i++) {
            assertThat(client.send(Event.of("C", "c" + i))).isEqualTo(Outcome.ENQUEUED);
        }
        executor.runAll();
        assertThat(commands).containsExactly("client:c0", "client:c1", "client:c2", "client:c3", "client:c4");
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(Event.of("C", "d"))).isEqualTo(Outcome.ENQUEUED);
        }
        assertThat(client.send(Event.of("C", "too fast"))).isEqualTo(Outcome.RATE_LIMITED);
        clock.advance(Duration.ofMillis(500));
        assertThat(client.send(Event.of("C", "d"))).isEqualTo(Outcome.ENQUEUED);
        assertThat(client.send(Event.of("C", "d"))).isEqualTo(Outcome.ENQUEUED);
        assertThat(client.send(Event.of("C", "one too many"))).isEqualTo(Outcome.BACK_PRESSURED);
        executor.runAll();
        assertThat(client.closed().join().kind()).isEqualTo(CloseReason.Kind.COMMAND_OVERFLOW);
        assertThat(commands).hasSize(5); // what waited is not run for a session that is over
        assertThat(life).containsExactly("opened", "attached OPENED", "closed COMMAND_OVERFLOW");
    }

    @Test
    void aSessionKeepsAttributesAndHasABoundOfSubscriptions() {
        Attribute<Integer> level = Attribute.named("level", Integer.class);
        Session session =
                subscribed(SMALL.toBuilder().maxSubscriptions(2).build()).session();
        assertThat(session.get(level)).isNull();
        session.set(level, 7);
        assertThat(session.get(level)).isEqualTo(7);
        session.set(level, null);
        assertThat(session.get(level)).isNull();
        assertThat(session.subscribe(engine.guild("second")).outcome()).isEqualTo(Outcome.ORDERED);
        assertThat(session.subscribe(engine.guild("third")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(session.subscribe(engine.guild("third")).firstOffset()).isEqualTo(-1);
    }

    // --- helpers

    private InMemoryClient subscribed(SessionOptions options) {
        InMemoryClient client = transport.connect("client", options);
        assertThat(client.session().subscribe(guild).outcome()).isEqualTo(Outcome.ORDERED);
        executor.runAll();
        return client;
    }

    private int published;

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(guild.tryPublish(Event.of("E", Integer.toString(published++))))
                    .isEqualTo(Outcome.ORDERED);
        }
    }

    private List<Received> read(InMemoryClient client) {
        List<Received> received = new ArrayList<>();
        do {
            executor.runAll();
            Received next = client.poll();
            while (next != null) {
                received.add(next);
                next = client.poll();
            }
        } while (executor.waiting() > 0);
        return received;
    }

    private List<String> texts(InMemoryClient client) {
        return read(client).stream().map(received -> received.event().text()).toList();
    }

    private ResumeResult.Reason refusal(String id, String secret, long seq) {
        return refusal(transport.resume(new ResumeRequest(id, secret, seq, "client")));
    }

    private ResumeResult.Reason refusal(InMemoryClient client) {
        executor.runAll();
        assertThat(client.resumption().isDone()).isTrue();
        return ((ResumeResult.Refused) client.resumption().join()).reason();
    }
}
