package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One schedule of {@link SessionModelTest}: an engine of three lanes, two guilds and a few clients, and a seed that decides what
 * they do, in which order the lanes run, and which bounds are small.
 */
final class ModelSchedule {
    private static final int STEPS = 60;

    /** Seeds that follow each other give almost the same first numbers. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int RELIABLE = 5;
    private static final int SMALL_LOG = 64;
    private static final int LARGE_LOG = 1024;
    private static final Duration EPHEMERAL_TTL = Duration.ofMillis(300);

    /** Of rings that wait to be used again; no multiple of what an event weighs. */
    private static final int EMPTY_RING_BYTES = 128 + 8 * 4;

    private static final int SUBSCRIBE_AND_MOVE = 19;
    private static final int RARE = 21;

    final Random random;
    final SeededExecutor executor;
    final ManualClock clock = new ManualClock();
    final BareTransport transport = new BareTransport();
    final Engine engine;
    final List<Guild> guilds;
    final Coverage coverage;

    /** Whether the engine's budget is the smallest there is, and events are large. */
    final boolean smallBudget;

    /** Whether sessions have small bounds in bytes, and events are of all sizes. */
    final boolean byteBounds;

    boolean draining;
    long resumes;
    long refusals;

    private final String name;
    private final int logCapacity;
    private final Map<String, List<Published>> published = new HashMap<>();
    private final List<ModelClient> clients = new ArrayList<>();

    /** What the engine, which goes on when a transport fails, was told in its calls. */
    private final List<AssertionError> failures = new ArrayList<>();

    /**
     * What is at an offset of a guild.
     *
     * @param isControl whether this is no event but a subscription's place
     * @param deadlineNanos until when an ephemeral event may be written
     */
    record Published(Event event, boolean isControl, long deadlineNanos) {}

    private static final Published CONTROL = new Published(Event.of("CONTROL", "x"), true, 0);

    ModelSchedule(long seed, Coverage coverage) {
        this.coverage = coverage;
        name = "-Dguildhall.seed=" + seed;
        random = new Random(seed * SPREAD);
        logCapacity = random.nextInt(4) == 0 ? SMALL_LOG : LARGE_LOG;
        smallBudget = random.nextInt(10) == 0;
        byteBounds = !smallBudget && random.nextInt(4) == 0;
        executor = new SeededExecutor(seed * SPREAD);
        EngineBuilder builder = Engine.builder()
                .laneExecutors(List.of(executor.serial(), executor.serial(), executor.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .logCapacity(logCapacity)
                .sessionMajorFrom(1 + random.nextInt(3))
                .turnBudget(random.nextBoolean() ? 64 : 1024)
                .transport(transport);
        engine = (smallBudget ? builder.maxRetainedBytes(EngineBuilder.MIN_RETAINED_BYTES) : builder).open();
        guilds = List.of(engine.guild("a"), engine.guild("b"));
        guilds.forEach(guild -> published.put(guild.id(), new ArrayList<>()));
    }

    void run() {
        try {
            play();
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
        } catch (AssertionError | RuntimeException e) {
            failures.forEach(failure -> {
                if (failure != e) {
                    e.addSuppressed(failure);
                }
            });
            throw new AssertionError("replay with " + name, e);
        }
    }

    /** Checks something in a call of the engine, which would take the failure for the transport's. */
    void noting(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            failures.add(e);
            throw e;
        }
    }

    List<Published> log(String guild) {
        return Objects.requireNonNull(published.get(guild));
    }

    /** Whether so much was published to a guild that its log may have lost something. */
    boolean mayHaveLapped(String guild) {
        return log(guild).size() >= logCapacity;
    }

    boolean mayHaveLapped() {
        return guilds.stream().anyMatch(guild -> mayHaveLapped(guild.id()));
    }

    /** Subscribing may wait for room in the log, on the thread that would make it. */
    void makeRoomIn(Guild guild) {
        if (mayHaveLapped(guild.id()) || logCapacity == SMALL_LOG) {
            executor.runAll();
        }
    }

    // --- the steps

    private void play() {
        for (int i = 3 + random.nextInt(3); i > 0; i--) {
            clients.add(new ModelClient(this));
        }
        for (int step = 0; step < STEPS; step++) {
            act();
            for (int i = random.nextInt(5); i > 0; i--) {
                executor.runOne();
            }
            clients.forEach(ModelClient::checkCloseReason);
        }
        if (random.nextInt(4) == 0) {
            drainWithResumesInFlight();
        } else {
            clients.forEach(ModelClient::finish);
            drain();
        }
        checkBalance();
    }

    private void act() {
        ModelClient client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(120) == 0 ? RARE : random.nextInt(RARE)) {
            case 0, 1, 2, 3, 4 -> publish(1 + random.nextInt(5));
            case 5 -> publish(random.nextInt(8) == 0 ? 200 : 20);
            case 6, 7 -> client.read(random.nextInt(20));
            case 8 -> client.acknowledge();
            case 9 -> client.stallOrUnstall();
            case 10 -> client.cut();
            case 11 -> client.failSoon();
            case 12, 13 -> client.comeBack();
            case 14 -> client.subscribeOrLeave();
            case 15 -> client.send(random.nextInt(10) == 0 ? 150 : 1 + random.nextInt(5));
            case 16 -> client.acknowledgeWrongly();
            case 17 -> stallLanes();
            case 18 -> moveAllInABatch();
            case SUBSCRIBE_AND_MOVE -> {
                publish(random.nextInt(100));
                client.subscribeOrLeave();
                client.comeBack();
            }
            case RARE -> client.endOnPurpose();
            default -> clock.advance(span());
        }
    }

    /** Mostly a moment; now and then so long that a session that waits for its client ends, or almost. */
    private Duration span() {
        return switch (random.nextInt(30)) {
            case 0 -> Duration.ofSeconds(91);
            case 1 -> Duration.ofSeconds(60);
            default -> Duration.ofMillis(random.nextInt(400));
        };
    }

    private void drain() {
        clients.forEach(ModelClient::checkCloseReason);
        draining = true;
        clients.forEach(ModelClient::readEverything);
        CompletableFuture<?> drained = engine.drain().toCompletableFuture();
        executor.runAll();
        assertThat(drained).isDone();
        clients.forEach(ModelClient::checkCloseReason);
        clients.forEach(ModelClient::checkEnded);
    }

    private void drainWithResumesInFlight() {
        clients.forEach(ModelClient::comeBack);
        for (int i = random.nextInt(8); i > 0; i--) {
            executor.runOne();
        }
        if (clients.stream().anyMatch(client -> client.resuming)) {
            coverage.count("drain with a resume in flight");
        }
        drain();
        clients.forEach(client -> ReceivedStream.of(client).check(false));
    }

    /** Lanes that do not run for longer than a full log waits for them lose their place in it. */
    private void stallLanes() {
        if (logCapacity == SMALL_LOG && random.nextInt(3) == 0) {
            publish(2 * SMALL_LOG);
            clock.advance(EngineBuilder.DEFAULT_LANE_STALL_LIMIT);
            publish(random.nextInt(SMALL_LOG));
        }
    }

    /** Lanes that have come to different places of a guild, in the middle of a batch, exchange their sessions. */
    private void moveAllInABatch() {
        for (int i = 0; i < 3; i++) {
            publish(random.nextInt(30));
            executor.runOne();
        }
        publish(50);
        for (ModelClient client : clients) {
            client.comeBack();
            executor.runOne();
        }
    }

    /** Half of the time only reliable events, which can be appended to a ring as one. */
    private void publish(int count) {
        boolean reliable = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            publishOne(guilds.get(random.nextInt(2)), reliable ? RELIABLE : random.nextInt(6));
        }
    }

    private void publishOne(Guild guild, int kind) {
        Event event = eventOfSomeSize("E");
        switch (kind) {
            case 0 -> event = event.withDelivery(Delivery.latest("k" + random.nextInt(3)));
            case 1 -> event = event.withDelivery(Delivery.ephemeral(EPHEMERAL_TTL));
            case 2 -> event = event.needing(ModelClient.SPECIAL_INTEREST);
            default -> {}
        }
        if (guild.tryPublish(event).isAccepted()) {
            List<Published> log = log(guild.id());
            while (log.size() < guild.nextOffset() - 1) {
                log.add(CONTROL);
            }
            log.add(new Published(event, false, clock.nanoTime() + EPHEMERAL_TTL.toNanos()));
            for (ModelClient client : clients) {
                client.offered(guild.id(), event);
            }
        }
    }

    private static final byte[][] PAYLOADS = {
        new byte[1], new byte[40], new byte[100], new byte[400], new byte[5_000], new byte[16_384]
    };

    private Event eventOfSomeSize(String type) {
        int size = smallBudget ? 5 : byteBounds ? (random.nextInt(60) == 0 ? 4 : random.nextInt(4)) : 0;
        return Event.of(type, PAYLOADS[size]);
    }

    private void checkBalance() {
        EngineStats stats = engine.stats();
        assertThat(stats.retainedBytes() % EMPTY_RING_BYTES)
                .as("events that nobody holds, in %d bytes", stats.retainedBytes())
                .isZero();
        assertThat(stats.written() + stats.dropped() + stats.conflated()).isEqualTo(stats.delivered());
        assertThat(stats.sessions()).isZero();
        assertThat(stats.detached()).isZero();
        assertThat(stats.resumed()).isEqualTo(resumes);
        assertThat(stats.resumesRefused()).isEqualTo(refusals);
        assertThat(executor.waiting()).isZero();
        guilds.forEach(guild -> assertThat(guild.subscriptionCount()).isZero());
        coverage.count("dropped", stats.dropped());
        coverage.count("conflated", stats.conflated());
        coverage.count("replayed", stats.replayed());
        coverage.count("trimmed for the budget", stats.trimmedForBudget());
    }

    /** The options of a session, of which the schedule and the seed decide. */
    SessionOptions options(Consumer<SessionOptions.Builder> more) {
        SessionOptions.Builder options = SessionOptions.builder();
        if (byteBounds) {
            options.maxBacklogBytes(ModelClient.SMALL_BACKLOG_BYTES).maxReplayBytes(ModelClient.SMALL_REPLAY_BYTES);
        }
        more.accept(options);
        return options.build();
    }
}
