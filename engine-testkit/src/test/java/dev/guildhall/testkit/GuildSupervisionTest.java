package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.AskException;
import dev.guildhall.Command;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildHandlerFactory;
import dev.guildhall.GuildListener;
import dev.guildhall.GuildOptions;
import dev.guildhall.Outcome;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Receipt;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that throw, block, wait for themselves and close the engine, on the engine's real threads. */
@Timeout(60)
class GuildSupervisionTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final GuildOptions QUICK = GuildOptions.builder()
            .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
            .maxRestarts(1_000, Duration.ofMinutes(1))
            .build();

    private record Ping() implements Command<String> {}

    private static Engine engine(Supplier<GuildHandler> handlers) {
        return engine(id -> id.startsWith("plain") ? null : handlers.get(), QUICK);
    }

    private static Engine engine(GuildHandlerFactory handlers, GuildOptions options) {
        EngineBuilder builder = Engine.builder().guildHandlers(handlers).guildOptions(options);
        return builder.open();
    }

    /** Fails on every seventh event, and on whatever a test says. */
    private static final class Failing implements GuildHandler {
        private int published;

        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            if (++published % 7 == 0) {
                throw new IllegalStateException("deliberate");
            }
            return PublishDecision.accept();
        }
    }

    /** Wakes publishers when the guild is available again. */
    private static final class Comeback implements GuildListener {
        @Override
        public synchronized void onAvailable(Guild guild) {
            notifyAll();
        }

        /** Publishes until the event is ordered, however often the handler fails. */
        Receipt publish(Guild guild) throws InterruptedException {
            Receipt receipt = guild.publish(Event.of("E", "x"));
            while (receipt.outcome() == Outcome.UNAVAILABLE) {
                synchronized (this) {
                    while (!guild.isAvailable()) {
                        wait();
                    }
                }
                receipt = guild.publish(Event.of("E", "x"));
            }
            return receipt;
        }
    }

    @Test
    void restartsUnderLoadKeepTheOrderAndTellEverySubscriber() throws Exception {
        int sessions = 20;
        int events = 2_000;
        List<List<Event>> received = new ArrayList<>();
        Comeback comeback = new Comeback();
        try (Engine engine = Engine.builder()
                .guildHandlers(id -> new Failing())
                .guildOptions(QUICK)
                .guildListener(comeback)
                .open()) {
            Guild guild = engine.guild("g");
            for (int i = 0; i < sessions; i++) {
                List<Event> mine = Collections.synchronizedList(new ArrayList<>());
                received.add(mine);
                Subscription subscription =
                        engine.openSession("u" + i, mine::add).subscribe(guild);
                assertThat(subscription
                                .settled()
                                .toCompletableFuture()
                                .get(20, TimeUnit.SECONDS)
                                .outcome())
                        .isEqualTo(Outcome.ORDERED);
            }
            List<CompletableFuture<Void>> publishers = new ArrayList<>();
            for (int p = 0; p < 4; p++) {
                publishers.add(CompletableFuture.runAsync(
                        () -> publish(comeback, guild, events / 4),
                        task -> Thread.ofVirtual().start(task)));
            }
            for (CompletableFuture<Void> publisher : publishers) {
                publisher.get(40, TimeUnit.SECONDS);
            }
            assertThat(engine.stats().guildFailures()).isGreaterThan(events / 10);
        }
        for (List<Event> mine : received) {
            check(mine, events);
        }
    }

    private static void publish(Comeback comeback, Guild guild, int events) {
        try {
            for (int i = 0; i < events; i++) {
                assertThat(comeback.publish(guild).outcome()).isEqualTo(Outcome.ORDERED);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(List<Event> mine, int events) {
        long offset = -1;
        long epoch = 0;
        boolean available = true;
        int count = 0;
        for (Event event : mine) {
            assertThat(event.offset()).isGreaterThan(offset);
            offset = event.offset();
            switch (event.type()) {
                case Event.GUILD_UNAVAILABLE -> {
                    assertThat(available).isTrue();
                    assertThat(epoch == 0 || event.epoch() == epoch).isTrue();
                    epoch = event.epoch();
                    available = false;
                }
                case Event.GUILD_AVAILABLE -> {
                    assertThat(available).isFalse();
                    assertThat(event.epoch()).isGreaterThan(epoch);
                    epoch = event.epoch();
                    available = true;
                }
                default -> {
                    assertThat(available).isTrue();
                    count++;
                }
            }
        }
        assertThat(count).isEqualTo(events);
    }

    @Test
    void tenThousandGuildsThatFailTogetherDoNotHoldUpAnother() throws Exception {
        int guilds = 10_000;
        GuildHandler failing = new GuildHandler() {
            @Override
            public void onStart(GuildContext guild) {
                throw new IllegalStateException("deliberate");
            }
        };
        GuildHandler healthy = new GuildHandler() {
            @Override
            public @Nullable Object onCommand(GuildContext guild, Command<?> command) {
                return "pong";
            }
        };
        GuildOptions options = GuildOptions.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(50))
                .maxRestarts(5, Duration.ofMinutes(1))
                .build();
        try (Engine engine = engine(id -> id.equals("healthy") ? healthy : failing, options)) {
            Guild other = engine.guild("healthy");
            assertThat(other.ask(new Ping(), SOON)).isEqualTo("pong");
            for (int i = 0; i < guilds; i++) {
                assertThat(engine.guild("g" + i).tryPublish(Event.of("E", "x")).isAccepted())
                        .isTrue();
            }
            int asked = 0;
            while (engine.stats().guildsDown() < guilds) {
                assertThat(other.ask(new Ping(), Duration.ofSeconds(5))).isEqualTo("pong");
                asked++;
            }
            assertThat(asked).isPositive();
            assertThat(engine.stats().guildFailures()).isEqualTo(6L * guilds);
            assertThat(engine.guild("g1").tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.UNAVAILABLE);
        }
    }

    @Test
    void aHandlerThatBlocksHoldsUpItsOwnGuildOnly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            public @Nullable Object onCommand(GuildContext guild, Command<?> command) throws InterruptedException {
                if (guild.guild().id().equals("blocked")) {
                    release.await();
                }
                return "pong";
            }
        };
        try (Engine engine = engine(handlers)) {
            Guild blocked = engine.guild("blocked");
            CompletableFuture<String> reply = blocked.ask(new Ping()).toCompletableFuture();
            assertThatThrownBy(() -> blocked.ask(new Ping(), Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("blocked");
            for (int i = 0; i < 100; i++) {
                assertThat(engine.guild("free" + i).ask(new Ping(), SOON)).isEqualTo("pong");
            }
            Outcome outcome = Outcome.ENQUEUED;
            for (int i = 0; i < 2_000 && outcome.isAccepted(); i++) {
                outcome = blocked.tryPublish(Event.of("E", "x"));
            }
            assertThat(outcome).isEqualTo(Outcome.BACK_PRESSURED);
            release.countDown();
            assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo("pong");
        }
    }

    @Test
    void aHandlerThatWaitsForItselfIsToldSo() throws Exception {
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            public @Nullable Object onCommand(GuildContext context, Command<?> command) throws Exception {
                Guild guild = context.guild();
                assertThatThrownBy(() -> guild.ask(new Ping(), SOON)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> guild.publish(Event.of("E", "x"))).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> context.engine().guild("other").publish(Event.of("E", "x")))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> context.engine().close()).isInstanceOf(IllegalStateException.class);
                assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.ENQUEUED);
                assertThat(context.engine()
                                .guild("plain")
                                .publish(Event.of("E", "x"))
                                .outcome())
                        .isEqualTo(Outcome.ORDERED);
                return "told";
            }
        };
        try (Engine engine = engine(handlers)) {
            assertThat(engine.guild("g").ask(new Ping(), SOON)).isEqualTo("told");
            assertThat(engine.stats().guildFailures()).isZero();
        }
    }

    @Test
    void aContextIsForItsHandlersCallsOnly() throws Exception {
        CompletableFuture<GuildContext> leaked = new CompletableFuture<>();
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            public @Nullable Object onCommand(GuildContext context, Command<?> command) {
                leaked.complete(context);
                return "x";
            }
        };
        try (Engine engine = engine(handlers)) {
            engine.guild("g").ask(new Ping(), SOON);
            assertThatThrownBy(() -> leaked.join().publish(Event.of("E", "x")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aHandlerThatPublishesToItselfWithoutEndKeepsToItsTurns() throws Exception {
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            public PublishDecision onPublish(GuildContext context, PublishRequest request) {
                context.guild().tryPublish(request.event());
                return PublishDecision.accept();
            }

            @Override
            public @Nullable Object onCommand(GuildContext context, Command<?> command) {
                return "pong";
            }
        };
        try (Engine engine = engine(handlers)) {
            Guild loop = engine.guild("loop");
            CountDownLatch many = new CountDownLatch(10_000);
            Session session = engine.openSession("ann", SessionOptions.DEFAULT.withInline(), event -> many.countDown());
            session.subscribe(loop).settled().toCompletableFuture().join();
            loop.publish(Event.of("E", "x"));
            assertThat(loop.ask(new Ping(), SOON)).isEqualTo("pong");
            assertThat(engine.guild("other").ask(new Ping(), SOON)).isEqualTo("pong");
            assertThat(many.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nullWhereAnAnswerIsDueIsAFailure() {
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            @SuppressWarnings("NullAway") // what a careless application does
            public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
                return null;
            }
        };
        try (Engine engine = engine(handlers)) {
            assertThat(engine.guild("g").publish(Event.of("E", "x")).outcome()).isEqualTo(Outcome.UNAVAILABLE);
            assertThat(engine.stats().guildFailures()).isEqualTo(1);
        }
    }

    @Test
    void aHandlerMayDrainTheEngine() {
        CompletableFuture<?>[] drained = new CompletableFuture<?>[1];
        Supplier<GuildHandler> handlers = () -> new GuildHandler() {
            @Override
            public PublishDecision onPublish(GuildContext context, PublishRequest request) {
                drained[0] = context.engine().drain().toCompletableFuture();
                return PublishDecision.accept();
            }
        };
        try (Engine engine = engine(handlers)) {
            assertThat(engine.guild("g").publish(Event.of("E", "x")).outcome()).isEqualTo(Outcome.ORDERED);
            assertThat(drained[0]).succeedsWithin(SOON);
        }
    }

    @Test
    void aFactoryThatThrowsIsHeardByWhoLooksTheGuildUp() {
        GuildHandlerFactory factory = id -> {
            throw new IllegalArgumentException("no guild " + id);
        };
        try (Engine engine = engine(factory, QUICK)) {
            assertThatThrownBy(() -> engine.guild("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no guild x");
            assertThat(engine.stats().guilds()).isZero();
        }
    }

    @Test
    void anAskOfAClosedEngineSaysSo() {
        Engine engine = engine(() -> new GuildHandler() {});
        Guild guild = engine.guild("g");
        engine.close();
        assertThatThrownBy(() -> guild.ask(new Ping(), SOON))
                .isInstanceOfSatisfying(
                        AskException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.CLOSED));
    }
}
