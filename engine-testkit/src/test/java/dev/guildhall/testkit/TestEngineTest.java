package dev.guildhall.testkit;

import static dev.guildhall.testkit.EngineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.Command;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Receipt;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.spi.ResumeResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an application's tests rely on. */
class TestEngineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What a test does not give back. */
    private final List<ByteBuffer> held = new ArrayList<>();

    private record Count() implements Command<Integer> {}

    /** Counts what is published, and refuses what is not welcome. */
    private static final class Counting implements GuildHandler {
        private int published;

        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            if (request.event().type().equals("UNWELCOME")) {
                return PublishDecision.refuse();
            }
            published++;
            return PublishDecision.accept();
        }

        @Override
        public Integer onCommand(GuildContext guild, Command<?> command) {
            return published;
        }
    }

    private static void publish(Guild guild, String... texts) {
        for (String text : texts) {
            assertThat(guild.tryPublish(Event.of("E", text)).isAccepted()).isTrue();
        }
    }

    // --- clients

    @Test
    void aClientThatIsCutBetweenTwoWritesGetsTheRestWhenItComesBack() {
        try (TestEngine test = TestEngine.open()) {
            Guild guild = test.guild("g");
            TestClient ann = test.connect("ann");
            ann.subscribe(guild);
            test.settle();
            ann.cutAfter(1);
            publish(guild, "1", "2", "3");
            assertThat(ann).receivedTexts("1").andNothingElse().wasClosed(CloseReason.Kind.CONNECTION_LOST);
            publish(guild, "4");

            assertThat(ann.resume()).succeeded();

            assertThat(ann)
                    .receivedTexts("1", "2", "3", "4")
                    .inOrder()
                    .andNothingElse()
                    .withoutGap()
                    .isConnected();
        }
    }

    @Test
    void aClientThatDoesNotReadLosesItsConnectionOrIsToldWhatItLost() {
        SessionOptions small = SessionOptions.builder().maxBacklogEvents(128).build();
        SessionOptions lossy =
                small.toBuilder().overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP).build();
        try (TestEngine test = TestEngine.open()) {
            Guild guild = test.guild("g");
            TestClient ann = test.connect("ann", small);
            TestClient bob = test.connect("bob", lossy);
            TestClient eve = test.connect("eve", small);
            List.of(ann, bob, eve).forEach(client -> client.subscribe(guild));
            ann.stall();
            bob.stall();
            for (int i = 0; i < 300; i++) {
                publish(guild, "" + i);
                test.settle();
            }
            assertThat(ann).wasClosed(CloseReason.Kind.SLOW_CONSUMER).receivedNothing();
            assertThat(ann.wasToldToResume()).isTrue();
            bob.unstall();
            assertThat(bob).withGap().isConnected();
            assertThat(eve).withoutGap();
            assertThat(eve.received()).hasSize(300);
        }
    }

    @Test
    void timePassesWhenTheTestSaysSo() {
        try (TestEngine test = TestEngine.open()) {
            TestClient ann = test.connect("ann");
            ann.cut();
            test.advance(SessionOptions.DEFAULT.resumeWindow().minus(SECOND));
            assertThat(ann.session().isOpen()).isTrue();
            test.advance(SECOND);
            assertThat(ann.session().isOpen()).isFalse();
            assertThat(ann.resume()).isEqualTo(new ResumeResult.Refused(ResumeResult.Reason.EXPIRED));
        }
    }

    @Test
    void oneSeedGivesOneSchedule() {
        assertThat(schedule(7)).isEqualTo(schedule(7)).isNotEqualTo(schedule(8));
    }

    /** In which order sessions on several lanes get what is published at once. */
    private static List<String> schedule(long seed) {
        List<String> order = new ArrayList<>();
        try (TestEngine test =
                TestEngine.builder().lanes(8).seed(seed).leaveSessionsOpen().open()) {
            for (int i = 0; i < 16; i++) {
                String user = "user " + i;
                test.engine()
                        .openSession(user, SessionOptions.DEFAULT.withInline(), event -> order.add(user))
                        .subscribe(test.guild("g"));
            }
            publish(test.guild("g"), "x");
            test.settle();
        }
        return order;
    }

    // --- code that waits

    @Test
    void codeThatWaitsForTheEngineIsCalledWhileTheEngineRuns() throws Exception {
        try (TestEngine test = TestEngine.builder()
                .configure(engine -> engine.guildHandlers(id -> new Counting()))
                .open()) {
            Guild guild = test.guild("g");
            assertThat(test.call(() -> guild.publish(Event.of("E", "1"))).outcome())
                    .isEqualTo(Outcome.ORDERED);
            assertThat(test.call(() -> guild.publish(Event.of("UNWELCOME", "2")))
                            .outcome())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(test.await(guild.ask(new Count()))).isEqualTo(1);
            assertThat(test.call(() -> guild.ask(new Count(), SECOND))).isEqualTo(1);
            assertThatThrownBy(() -> test.call(() -> {
                        throw new java.io.IOException("mine");
                    }))
                    .hasMessage("mine");
        }
    }

    @Test
    void waitingForWhatWillNotComeIsToldAtOnce() {
        try (TestEngine test = TestEngine.open()) {
            CompletableFuture<String> never = new CompletableFuture<>();
            assertThatThrownBy(() -> test.await(never)).hasMessageContaining("nothing is left to run");
            assertThatThrownBy(() -> test.call(never::get)).hasMessageContaining("nothing is left to run");
        }
    }

    // --- leaks

    @Test
    void whatIsLeftOpenIsNamed() {
        TestEngine test = TestEngine.builder().seed(5).open();
        test.engine().openSession("bot", event -> {}).subscribe(test.guild("lobby"));
        test.connect("ann").subscribe(test.guild("lobby"));
        assertThatThrownBy(test::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 session is still open")
                .hasMessageContaining("1 subscription is left in guild lobby")
                .hasMessageContaining("-Dguildhall.seed=5");
        test.close();
    }

    @Test
    void aClientThatHasLostItsConnectionForGoodIsNoLeak() {
        try (TestEngine test = TestEngine.open()) {
            Guild guild = test.guild("g");
            TestClient settled = test.connect("settled");
            TestClient late = test.connect("late");
            TestClient written = test.connect("written");
            List.of(settled, late, written).forEach(client -> client.subscribe(guild));
            test.settle();
            settled.cut();
            written.cutAfter(0);
            publish(guild, "1");
            test.settle();
            assertThat(written).wasClosed(CloseReason.Kind.CONNECTION_LOST);
            late.cut();
            settled.leave();
            test.settle();
            assertThat(settled.session().isOpen()).isFalse();
        }
    }

    @Test
    void aMessageThatNoHandlerTakesIsNamed() {
        TestEngine test = TestEngine.builder()
                .expectFailures()
                .leaveSessionsOpen()
                .configure(engine -> engine.guildHandlers(id -> new GuildHandler() {
                    @Override
                    public void onStart(GuildContext guild) {
                        if (id.equals("g")) {
                            throw new IllegalStateException("on purpose");
                        }
                    }
                }))
                .open();
        for (int i = 0; i < 150; i++) {
            publish(test.guild("sound " + i), "1");
        }
        publish(test.guild("g"), "1");
        assertThatThrownBy(test::close).hasMessageContaining("1 message is waiting for the handler of guild g");
    }

    @Test
    void applicationCodeThatThrowsIsHeardOf() {
        TestEngine test = TestEngine.builder().leaveSessionsOpen().open();
        failingSubscriber(test);
        assertThatThrownBy(test::close).hasMessageContaining("application code has thrown 1 times");
        try (TestEngine tolerant =
                TestEngine.builder().leaveSessionsOpen().expectFailures().open()) {
            failingSubscriber(tolerant);
        }
    }

    private static void failingSubscriber(TestEngine test) {
        test.engine()
                .openSession("bot", event -> {
                    throw new IllegalStateException("on purpose");
                })
                .subscribe(test.guild("g"));
        publish(test.guild("g"), "1");
    }

    @Test
    void directMemoryThatTheTestHoldsIsNamedWithWhatIsAllowed() {
        TestEngine strict = TestEngine.builder().maxDirectMemoryGrowth(0).open();
        TestEngine usual = TestEngine.open();
        held.add(ByteBuffer.allocateDirect(17 << 20));
        assertThatThrownBy(strict::close)
                .hasMessageContaining("direct memory has grown by ")
                .hasMessageContaining("0 are allowed");
        assertThatThrownBy(usual::close)
                .hasMessageContaining("16777216 are allowed")
                .hasMessageContaining("say maxDirectMemoryGrowth(bytes)");
        try (TestEngine tolerant =
                TestEngine.builder().maxDirectMemoryGrowth(64 << 20).open()) {
            tolerant.settle();
            held.add(ByteBuffer.allocateDirect(17 << 20));
        }
    }

    @Test
    void directMemoryThatNobodyHoldsIsNoLeakThoughItIsNotCollectedYet() {
        TestEngine test = TestEngine.open();
        assertThat(ByteBuffer.allocateDirect(64 << 20).capacity()).isEqualTo(64 << 20);
        test.close();
    }

    @Test
    void wrongInputIsToldWithItsBound() {
        assertThat(TestEngine.Builder.seedOf("-7")).isEqualTo(-7);
        assertThatThrownBy(() -> TestEngine.Builder.seedOf("abc"))
                .hasMessageContaining("guildhall.seed must be a whole number of 64 bits, was \"abc\"");
        assertThatThrownBy(() -> TestEngine.builder().lanes(0)).hasMessageContaining("between 1 and 64, was 0");
        assertThatThrownBy(() -> TestEngine.builder().maxDirectMemoryGrowth(-1))
                .hasMessageContaining("at least 0, was -1");
        try (TestEngine test = TestEngine.open()) {
            TestClient ann = test.connect("ann");
            assertThatThrownBy(() -> ann.cutAfter(-1)).hasMessageContaining("was -1");
        }
    }

    // --- what assertions say

    @Test
    void assertionsThatDoNotHoldShowWhatWasReceived() {
        try (TestEngine test = TestEngine.open()) {
            Guild guild = test.guild("g");
            TestClient ann = test.connect("ann");
            ann.subscribe(guild);
            publish(guild, "1", "2".repeat(100));
            assertThatThrownBy(() -> assertThat(ann).received("E", "E", "OTHER"))
                    .hasMessageContaining("Expected ann")
                    .hasMessageContaining("[OTHER] is missing")
                    .hasMessageContaining("1 E of g:1 1")
                    .hasMessageContaining("… (100 bytes)");
            assertThatThrownBy(() ->
                            assertThat(ann).receivedTexts("2".repeat(100), "1").inOrder())
                    .hasMessageContaining("in this order");
            assertThatThrownBy(() -> assertThat(ann).receivedTexts("1").andNothingElse())
                    .hasMessageContaining("is received too");
            assertThatThrownBy(() -> assertThat(ann).receivedNothing()).hasMessageContaining("are received too");
            assertThatThrownBy(() -> assertThat(ann).withGap()).hasMessageContaining("told of a gap");
            assertThatThrownBy(() -> assertThat(ann).wasClosed(CloseReason.Kind.REQUESTED))
                    .hasMessageContaining("it is connected");
            ann.session().close(CloseReason.REQUESTED);
            assertThatThrownBy(() -> assertThat(ann).isConnected()).hasMessageContaining("REQUESTED");
            assertThatThrownBy(() -> assertThat(ann).wasClosed(CloseReason.Kind.TIMED_OUT))
                    .hasMessageContaining("REQUESTED");
            ann.forget();
            assertThat(ann).receivedNothing();
        }
    }

    @Test
    void assertionsThatSayMoreOfNothingArePutRight() {
        try (TestEngine test = TestEngine.open()) {
            TestClient ann = test.connect("ann");
            assertThatThrownBy(() -> assertThat(ann).inOrder())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("inOrder() says more about events that were named, and none were");
            assertThatThrownBy(() -> assertThat(ann).withoutGap().andNothingElse())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("andNothingElse() says more");
            assertThatThrownBy(() -> assertThat(ann).receivedNothing().inOrder())
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> assertThat(ann).receivedTexts())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("receivedNothing()");
        }
    }

    @Test
    void aResumeIsSaidToHaveEndedInOneWay() {
        try (TestEngine test = TestEngine.open()) {
            TestClient ann = test.connect("ann");
            ann.cut();
            ResumeResult back = ann.resume();
            assertThat(back).succeeded();
            assertThatThrownBy(() -> assertThat(back).wasRefused(ResumeResult.Reason.EXPIRED))
                    .hasMessageContaining("refused for EXPIRED")
                    .hasMessageContaining("Resumed[attachment=")
                    .hasMessageContaining("user=ann");
            ann.leave();
            ResumeResult late = ann.resume();
            assertThat(late).wasRefused(ResumeResult.Reason.EXPIRED);
            assertThatThrownBy(() -> assertThat(late).wasRefused(ResumeResult.Reason.UNKNOWN))
                    .hasMessageContaining("refused for UNKNOWN")
                    .hasMessageContaining("Refused[reason=EXPIRED]");
            assertThatThrownBy(() -> assertThat(late).succeeded()).hasMessageContaining("Refused[reason=EXPIRED]");
        }
    }

    @Test
    void aPublishAndASubscriptionAreSaidToHaveOneOutcome() throws Exception {
        SessionOptions one = SessionOptions.builder().maxSubscriptions(1).build();
        try (TestEngine test = TestEngine.builder()
                .configure(engine -> engine.guildHandlers(id -> id.equals("moderated") ? new Counting() : null))
                .open()) {
            Guild guild = test.guild("moderated");
            Receipt receipt = test.call(() -> guild.publish(Event.of("E", "1")));
            assertThat(receipt).isOrdered();
            assertThatThrownBy(() -> assertThat(receipt).hasOutcome(Outcome.REFUSED))
                    .hasMessageContaining("the outcome REFUSED, but it is ORDERED")
                    .hasMessageContaining("Receipt[outcome=ORDERED, epoch=");
            Receipt refused = test.call(() -> guild.publish(Event.of("UNWELCOME", "1")));
            assertThat(refused).hasOutcome(Outcome.REFUSED);
            assertThatThrownBy(() -> assertThat(refused).isOrdered()).hasMessageContaining("outcome=REFUSED");
            assertThat(guild.tryPublish(Event.of("E", "2"))).hasOutcome(Outcome.ENQUEUED);
            assertThatThrownBy(() -> assertThat(Outcome.ENQUEUED).isOrdered()).hasMessageContaining("ENQUEUED");

            TestClient ann = test.connect("ann", one);
            Subscription first = ann.subscribe(guild);
            assertThat(first).hasOutcome(Outcome.ENQUEUED);
            assertThatThrownBy(() -> assertThat(first).hasBegun())
                    .hasMessageContaining("Subscription[ann in moderated, ");
            test.settle();
            assertThat(first).hasBegun();
            Subscription second = ann.subscribe(test.guild("g"));
            assertThat(second).hasOutcome(Outcome.REFUSED);
            assertThatThrownBy(() -> assertThat(second).hasBegun())
                    .hasMessageContaining("ORDERED, but it is REFUSED")
                    .hasMessageContaining("Subscription[ann in g, ");
        }
    }
}
