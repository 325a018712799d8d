package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Admission;
import dev.guildhall.AskException;
import dev.guildhall.Command;
import dev.guildhall.CountedReceipt;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildListener;
import dev.guildhall.GuildOptions;
import dev.guildhall.GuildStopReason;
import dev.guildhall.History;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishOptions;
import dev.guildhall.PublishRequest;
import dev.guildhall.RefusedException;
import dev.guildhall.Session;
import dev.guildhall.SubscribeRequest;
import dev.guildhall.Subscription;
import dev.guildhall.TurnCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guilds with application code: what it decides, what happens when it fails, and how it ends. Virtual time, one thread. */
class GuildHandlerTest {
    private static final Duration BACKOFF = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final SeededExecutor executor = new SeededExecutor(11);
    private final ManualClock clock = new ManualClock();
    private final List<String> life = new ArrayList<>();
    private final List<String> received = new ArrayList<>();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .guildIdleTimeout(IDLE)
            .guildHandlers(id -> id.startsWith("plain") ? null : new Room())
            .guildOptions(GuildOptions.builder()
                    .mailbox(16, 4)
                    .ticks(Duration.ofSeconds(1))
                    .backoff(BACKOFF, Duration.ofSeconds(1))
                    .maxRestarts(2, Duration.ofMinutes(1))
                    .build())
            .guildListener(new Watcher())
            .open();
    private final Guild guild = engine.guild("room");

    private record Count() implements Command<Integer> {}

    private record Fail() implements Command<String> {}

    private record Forbidden() implements Command<String> {}

    private final class Watcher implements GuildListener {
        @Override
        public void onFailed(Guild failed, Throwable failure, Duration restartsIn) {
            life.add("failed: " + failure.getMessage());
        }

        @Override
        public void onDown(Guild down, Throwable failure) {
            life.add("down");
        }

        @Override
        public void onAvailable(Guild available) {
            life.add("available");
        }
    }

    /** Refuses what is empty, changes what is loud, fails on "fail", and counts. */
    private final class Room implements GuildHandler {
        private int published;
        private int ticks;

        @Override
        public void onStart(GuildContext context) {
            life.add("start");
            context.publish(Event.of("STARTED", "started"));
        }

        @Override
        public Admission onSubscribe(GuildContext context, SubscribeRequest request) {
            return switch (request.session().user()) {
                case "stranger" -> Admission.refuse();
                case "guest" ->
                    Admission.accept(Interests.ofMask(1L)).withWelcome(List.of(Event.of("WELCOME", "hello, guest")));
                default -> Admission.accept();
            };
        }

        @Override
        public PublishDecision onPublish(GuildContext context, PublishRequest request) {
            published++;
            String text = request.event().text();
            return switch (text) {
                case "" -> PublishDecision.refuse();
                case "fail" -> throw new IllegalStateException("deliberate");
                case "no" -> throw new RefusedException("no");
                case "LOUD" -> PublishDecision.change(Event.of("E", text.toLowerCase(Locale.ROOT)));
                case "twice" -> {
                    context.publish(Event.of("E", "first"));
                    yield PublishDecision.accept();
                }
                default -> PublishDecision.accept();
            };
        }

        @Override
        public @Nullable Object onCommand(GuildContext context, Command<?> command) {
            return switch (command) {
                case Count count -> published;
                case Fail fail -> throw new IllegalStateException("deliberate");
                default -> throw new RefusedException("not that");
            };
        }

        @Override
        public void onTick(GuildContext context) {
            ticks++;
            life.add("tick " + ticks);
        }

        @Override
        public void onStop(GuildContext context, GuildStopReason reason) {
            life.add("stop " + reason);
        }
    }

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    private Subscription subscribe(String user) {
        Session session = engine.openSession(user, event -> received.add(event.text()));
        Subscription subscription = session.subscribe(guild);
        executor.runAll();
        return subscription;
    }

    private void publish(String text) {
        assertThat(guild.tryPublish(Event.of("E", text)).isAccepted()).as(text).isTrue();
        executor.runAll();
    }

    private void pass(Duration time) {
        clock.advance(time);
        executor.runAll();
    }

    @Test
    void theHandlerStartsWithTheFirstUseAndDecidesWhatIsPublished() {
        assertThat(life).isEmpty();
        subscribe("ann");
        assertThat(life).containsExactly("start");

        publish("hello");
        publish("");
        publish("no");
        publish("LOUD");
        publish("twice");

        assertThat(received).containsExactly("hello", "loud", "first", "twice");
    }

    @Test
    void theHandlerDecidesWhoGetsInWithWhichInterestsAndAWelcome() {
        Session stranger = engine.openSession("stranger", event -> received.add("stranger " + event.text()));
        Subscription refused = stranger.subscribe(guild);
        assertThat(refused.outcome()).isEqualTo(Outcome.ENQUEUED);
        CompletableFuture<Subscription> settled = refused.settled().toCompletableFuture();
        assertThat(settled).isNotDone();
        executor.runAll();
        assertThat(settled).isCompletedWithValue(refused);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(stranger.subscription(guild)).isNull();

        Subscription guest = subscribe("guest");
        assertThat(guest.outcome()).isEqualTo(Outcome.ORDERED);
        assertThat(guest.firstOffset()).isPositive();
        publish("for all");
        assertThat(guild.tryPublish(Event.of("E", "for guests").needing(1L)).isAccepted())
                .isTrue();
        assertThat(guild.tryPublish(Event.of("E", "for members").needing(2L)).isAccepted())
                .isTrue();
        executor.runAll();
        assertThat(received).containsExactly("hello, guest", "for all", "for guests");
    }

    @Test
    void whoLeavesBeforeTheHandlerHasDecidedWasNeverThere() {
        Session hasty = engine.openSession("guest", event -> received.add(event.text()));
        Subscription givenUp = hasty.subscribe(guild);
        givenUp.unsubscribe();
        executor.runAll();
        assertThat(givenUp.settled().toCompletableFuture()).isCompletedWithValue(givenUp);
        assertThat(givenUp.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(givenUp.firstOffset()).isNegative();
        publish("for all");
        executor.runAll();
        assertThat(received).isEmpty();
        assertThat(guild.subscriptionCount()).isZero();
    }

    @Test
    void commandsAreAnsweredRefusedOrFailTheirGuild() {
        publish("1");
        publish("2");
        assertThat(ask(new Count())).isCompletedWithValue(2);

        assertThatThrownBy(() -> ask(new Forbidden()).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("not that");
        assertThat(guild.isAvailable()).isTrue();

        assertThatThrownBy(() -> ask(new Fail()).join())
                .cause()
                .isInstanceOfSatisfying(
                        AskException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNAVAILABLE));
        assertThat(guild.isAvailable()).isFalse();
        assertThatThrownBy(() -> ask(new Count()).join())
                .cause()
                .isInstanceOfSatisfying(
                        AskException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNAVAILABLE));

        assertThatThrownBy(() -> engine.guild("plain").ask(new Count())).isInstanceOf(IllegalStateException.class);
    }

    private <R> CompletableFuture<R> ask(Command<R> command) {
        CompletableFuture<R> reply = guild.ask(command).toCompletableFuture();
        executor.runAll();
        return reply;
    }

    @Test
    void commandsBeyondTheirBoundFailAtOnceAndLeaveRoomForEvents() {
        for (int i = 0; i < 4; i++) {
            assertThat(guild.ask(new Count()).toCompletableFuture()).isNotDone();
        }
        CompletableFuture<Integer> fifth = guild.ask(new Count()).toCompletableFuture();
        assertThatThrownBy(fifth::join)
                .cause()
                .isInstanceOfSatisfying(
                        AskException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BACK_PRESSURED));
        for (int i = 0; i < 12; i++) {
            assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.ENQUEUED);
        }
        assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.BACK_PRESSURED);
        assertThat(guild.backlog()).isEqualTo(16);
        executor.runAll();
        assertThat(guild.backlog()).isZero();
        assertThat(ask(new Count())).isCompletedWithValue(12);
    }

    @Test
    void aFailedHandlerIsStartedAgainAndEverySubscriberIsTold() {
        subscribe("ann");
        subscribe("ben");
        publish("before");
        long epoch = guild.epoch();

        publish("fail");

        assertThat(guild.isAvailable()).isFalse();
        assertThat(guild.tryPublish(Event.of("E", "meanwhile"))).isEqualTo(Outcome.UNAVAILABLE);
        Session carl = engine.openSession("carl", event -> received.add(event.text()));
        assertThat(carl.subscribe(guild).outcome()).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(engine.guild("other").tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.ENQUEUED);

        pass(BACKOFF.multipliedBy(2));

        assertThat(guild.isAvailable()).isTrue();
        assertThat(guild.epoch()).isGreaterThan(epoch);
        publish("after");
        String down = "{\"guild_id\":\"room\",\"epoch\":" + epoch + "}";
        String up = "{\"guild_id\":\"room\",\"epoch\":" + guild.epoch() + "}";
        assertThat(received)
                .containsExactlyInAnyOrder(
                        "before", down, up, "started", "after", "before", down, up, "started", "after");
        assertThat(life)
                .contains("failed: deliberate", "available")
                .containsSubsequence("start", "failed: deliberate", "start", "available");
        assertThat(engine.stats().guildFailures()).isEqualTo(1);
        History history = guild.history(epoch, 0, 100);
        assertThat(history)
                .isInstanceOfSatisfying(
                        History.Events.class,
                        events -> assertThat(events.events().stream().map(Event::type))
                                .containsExactly(
                                        "STARTED",
                                        "E",
                                        Event.GUILD_UNAVAILABLE,
                                        Event.GUILD_AVAILABLE,
                                        "STARTED",
                                        "E"));
    }

    @Test
    void whatWaitedWhenTheHandlerFailedIsHandledByTheNextOne() {
        subscribe("ann");
        guild.tryPublish(Event.of("E", "fail"));
        guild.tryPublish(Event.of("E", "a"));
        guild.tryPublish(Event.of("E", "b"));
        executor.runAll();
        assertThat(received).noneMatch(text -> text.equals("a"));

        pass(BACKOFF.multipliedBy(2));

        assertThat(received).endsWith("a", "b");
        assertThat(guild.backlog()).isZero();
    }

    @Test
    void aGuildThatFailsTooOftenStaysDownUntilItIsRevived() {
        subscribe("ann");
        for (int i = 0; i < 3; i++) {
            publish("fail");
            pass(Duration.ofSeconds(1));
        }
        assertThat(life).endsWith("down");
        assertThat(engine.stats().guildsDown()).isEqualTo(1);
        pass(Duration.ofHours(1));
        assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(engine.guild("room")).isSameAs(guild);

        assertThat(engine.revive("room")).isTrue();
        executor.runAll();

        assertThat(engine.stats().guildsDown()).isZero();
        assertThat(engine.revive("room")).isFalse();
        assertThat(engine.revive("nothing")).isFalse();
        publish("again");
        assertThat(received).endsWith("again");
    }

    @Test
    void anIdleGuildStopsItsHandlerAndStartsAnewWithANewEpoch() {
        publish("x");
        long epoch = guild.epoch();
        for (int i = 0; i < 10; i++) {
            pass(IDLE.dividedBy(4));
        }
        assertThat(life).endsWith("stop PASSIVATED");
        assertThat(engine.stats().guilds()).isZero();

        life.clear();
        assertThat(guild.tryPublish(Event.of("E", "y"))).isEqualTo(Outcome.ENQUEUED);
        executor.runAll();

        assertThat(life).containsExactly("start");
        assertThat(engine.guild("room").epoch()).isGreaterThan(epoch);
        assertThat(engine.guild("room").history(epoch, 0, 10)).isInstanceOf(History.UnknownEpoch.class);
    }

    @Test
    void ticksComeOneAfterTheOtherAndEndWithTheGuild() {
        subscribe("ann");
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(life).containsExactly("start", "tick 1", "tick 2", "tick 3");
        publish("fail");
        pass(Duration.ofMillis(200));
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(life.stream().filter(step -> step.startsWith("tick"))).hasSize(6);
    }

    @Test
    void aRepeatedKeyIsAnsweredWithTheFirstReceipt() {
        for (String key : List.of("k1", "k1", "k2")) {
            PublishOptions options = PublishOptions.by("ann").withIdempotencyKey(key);
            assertThat(guild.tryPublish(Event.of("E", key), options)).isEqualTo(Outcome.ENQUEUED);
        }
        executor.runAll();
        History.Events all = (History.Events) guild.history(0);
        assertThat(all.events().stream().map(Event::text)).containsExactly("started", "k1", "k2");

        pass(Duration.ofMinutes(6));
        guild.tryPublish(Event.of("E", "later"), PublishOptions.NONE.withIdempotencyKey("k1"));
        executor.runAll();
        assertThat(((History.Events) guild.history(0)).events().getLast().text())
                .isEqualTo("later");

        PublishOptions keyed = PublishOptions.NONE.withIdempotencyKey("k");
        assertThatThrownBy(() -> engine.guild("plain").tryPublish(Event.of("E", "x"), keyed))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> PublishOptions.NONE.withIdempotencyKey(""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deliveriesAreCountedWhenAllLanesHavePassedTheEvent() {
        Guild plain = engine.guild("plain");
        for (int i = 0; i < 5; i++) {
            Session session = engine.openSession("u", event -> {});
            session.subscribe(plain, i < 3 ? 1L : 2L);
        }
        CountedReceipt counted = plain.publishCounted(Event.of("E", "x").needing(1L));
        CompletableFuture<Long> deliveries = counted.deliveries().toCompletableFuture();
        assertThat(deliveries).isNotDone();

        executor.runAll();

        assertThat(deliveries).isCompletedWithValue(3L);
        assertThat(counted.receipt().outcome()).isEqualTo(Outcome.ORDERED);
        CountedReceipt nobody = engine.guild("plain2").publishCounted(Event.of("E", "x"));
        executor.runAll();
        assertThat(nobody.deliveries().toCompletableFuture()).isCompletedWithValue(0L);
    }

    @Test
    void historyAnswersWhatItHasOrWhyNot() {
        Guild plain = engine.guild("plain");
        assertThat(plain.history(0)).isEqualTo(new History.Events(plain.epoch(), List.of(), 0));
        for (int i = 0; i < 5_000; i++) {
            plain.tryPublish(Event.of("E", "e" + i));
        }
        assertThat(plain.history(0)).isEqualTo(new History.Trimmed(5_000 - 4_096));
        assertThat(plain.history(5_001)).isEqualTo(new History.Ahead(5_000));
        History.Events some = (History.Events) plain.history(plain.epoch(), 4_000, 2);
        assertThat(some.events().stream().map(Event::text)).containsExactly("e4000", "e4001");
        assertThat(some.nextOffset()).isEqualTo(4_002);
        assertThat(plain.history(plain.epoch() + 1, 0, 1)).isInstanceOf(History.UnknownEpoch.class);
        assertThatThrownBy(() -> plain.history(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTimeOfEachKindOfMessageIsKnown() {
        publish("x");
        assertThat(ask(new Count())).isDone();
        assertThat(guild.turnCounts().stream().map(TurnCount::message)).contains("onStart", "onPublish", "Count");
        assertThat(guild.turnCounts())
                .allSatisfy(count -> assertThat(count.count()).isEqualTo(1));
    }

    @Test
    void whatIsPublishedTooFastInOneGuildIsRefusedThereOnly() {
        Engine limited = Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .guildOptions(GuildOptions.builder().publishRate(10, 2).build())
                .open();
        Guild busy = limited.guild("busy");
        Event event = Event.of("E", "x");
        assertThat(busy.tryPublish(event)).isEqualTo(Outcome.ORDERED);
        assertThat(busy.publish(event).outcome()).isEqualTo(Outcome.ORDERED);
        assertThat(busy.tryPublish(event)).isEqualTo(Outcome.RATE_LIMITED);
        assertThat(busy.publish(event).outcome()).isEqualTo(Outcome.RATE_LIMITED);
        assertThat(busy.publishCounted(event).receipt().outcome()).isEqualTo(Outcome.RATE_LIMITED);
        assertThat(limited.guild("other").tryPublish(event)).isEqualTo(Outcome.ORDERED);

        clock.advance(Duration.ofMillis(100));

        assertThat(busy.tryPublish(event)).isEqualTo(Outcome.ORDERED);
        assertThat(busy.tryPublish(event)).isEqualTo(Outcome.RATE_LIMITED);
        limited.drain();
        executor.runAll();
    }

    @Test
    void optionsOutOfTheirRangeAreNamed() {
        assertThatThrownBy(() -> GuildOptions.builder().mailbox(8, 1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mailboxCapacity must be between 16 and 65536, was 8");
        assertThatThrownBy(() -> GuildOptions.builder().mailbox(16, 17).build())
                .hasMessage("maxWaitingCommands must be between 1 and 16, was 17");
        assertThatThrownBy(() -> GuildOptions.builder()
                        .backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))
                        .build())
                .hasMessageContaining("minBackoff")
                .hasMessageContaining("PT2S");
    }

    @Test
    void closingTheEngineHandlesWhatWasAcceptedAndStopsHandlers() {
        subscribe("ann");
        guild.tryPublish(Event.of("E", "last"));
        CompletableFuture<?> drained = engine.drain().toCompletableFuture();
        assertThat(guild.tryPublish(Event.of("E", "late"))).isEqualTo(Outcome.CLOSED);

        executor.runAll();

        assertThat(drained).isDone();
        assertThat(received).containsExactly("last");
        assertThat(life).containsExactly("start", "stop ENGINE_CLOSED");
        assertThatThrownBy(() -> guild.ask(new Count()).toCompletableFuture().join())
                .cause()
                .isInstanceOfSatisfying(
                        AskException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.CLOSED));
        assertThat(Objects.requireNonNull(guild.toString())).contains("room");
    }
}
