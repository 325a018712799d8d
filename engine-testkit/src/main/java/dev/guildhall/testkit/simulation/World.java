package dev.guildhall.testkit.simulation;

import dev.guildhall.CloseReason;
import dev.guildhall.Command;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildListener;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.testkit.SeededExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The engine of one schedule, what runs it, and everything that takes part. */
final class World {
    static final List<String> USERS = List.of("ann", "bob");

    private static final int LANES = 3;
    private static final Duration EPHEMERAL_TTL = Duration.ofMillis(300);

    /** Of rings that wait to be used again; no multiple of what an event weighs. */
    private static final int EMPTY_RING_BYTES = 128 + 8 * 4;

    /** What one turn of a handler can append at most. */
    private static final int ROOM = 48;

    /** Messages that wait for a handler at most, so that its turn has room. */
    private static final int MOST_WAITING = 10;

    final Random random;
    final Trace trace;
    final Conditions conditions;
    final SimulatedClock clock;
    final SimulatedTransport transport = new SimulatedTransport();
    final Engine engine;
    final List<Topic> topics = new ArrayList<>();
    final List<Client> clients = new ArrayList<>();
    long resumed;
    long refused;

    private final SeededExecutor tasks;
    private final List<SeededExecutor> lanes = new ArrayList<>();

    /** For each lane how many steps its executor still sleeps, whatever it has been given. */
    private final int[] asleep = new int[LANES];

    private final List<Publication> publications = new ArrayList<>();
    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private final Map<Session, Client> bySession = new HashMap<>();
    private final Map<Session, Boolean> lives = new HashMap<>();

    /** What the engine, which goes on when application code fails, was told in its calls. */
    private @Nullable Violation failure;

    private boolean calm;
    private boolean draining;

    World(long seed, Trace trace) {
        this.trace = trace;
        random = new Random(seed);
        conditions = Conditions.of(random);
        conditions.count(trace);
        tasks = new SeededExecutor(random.nextLong());
        clock = new SimulatedClock(tasks);
        for (int i = 0; i < LANES; i++) {
            lanes.add(new SeededExecutor(random.nextLong()));
        }
        engine = conditions
                .engine(random)
                .laneExecutors(lanes.stream().map(SeededExecutor::serial).toList())
                .blockingExecutor(tasks)
                .clock(clock)
                .transport(transport)
                .guildHandlers(id -> id.startsWith("room") ? new Room(this, id) : null)
                .guildListener(new Failures())
                .sessionListener(new Lives())
                .open();
        for (String id : List.of("topic-a", "topic-b", "room-a", "room-b")) {
            topics.add(new Topic(this, id, engine.guild(id), id.startsWith("room")));
        }
        for (int i = 3 + random.nextInt(3); i > 0; i--) {
            Client client = new Client(this, i, USERS.get(i % 2), engine.lanes().get(random.nextInt(LANES)));
            clients.add(client);
            bySession.put(client.session, client);
        }
    }

    // --- what takes part

    Topic topic(String id) {
        for (Topic topic : topics) {
            if (topic.id.equals(id)) {
                return topic;
            }
        }
        throw new Violation("there is no guild " + id);
    }

    Client client(Session session) {
        return Objects.requireNonNull(bySession.get(session), "a session of this schedule");
    }

    boolean isCalm() {
        return calm;
    }

    boolean isDraining() {
        return draining;
    }

    /** Checks something in a call of the engine, which would take the violation for the application's failure. */
    void noting(Runnable check) {
        try {
            check.run();
        } catch (Violation e) {
            failed(e);
            throw e;
        }
    }

    void failed(Violation violation) {
        if (failure == null) {
            failure = violation;
        }
    }

    void throwIfFailed() {
        if (failure != null) {
            throw failure;
        }
    }

    // --- events

    Publication publication(Topic topic) {
        Publication added = new Publication(publications.size(), topic);
        publications.add(added);
        return added;
    }

    /** What an event of the schedule was published as. */
    Publication published(Event event) {
        String text = event.text();
        return publications.get(Integer.parseInt(text.substring(0, text.indexOf(':'))));
    }

    Event someEvent(long id) {
        String text = id + ":" + "x".repeat(conditions.payloadSize(random));
        Event event = Event.of("E", text);
        if (conditions.audiences() && random.nextInt(3) == 0) {
            event = event.needing(1L << random.nextInt(2));
        }
        return switch (conditions.volatileEvents() ? random.nextInt(6) : 6) {
            case 0 -> event.withDelivery(Delivery.latest("k" + random.nextInt(3)));
            case 1 -> event.withDelivery(Delivery.ephemeral(EPHEMERAL_TTL));
            default -> event;
        };
    }

    long someMask() {
        return conditions.audiences() && random.nextBoolean() ? random.nextInt(4) : -1L;
    }

    void ask(Topic topic, Command<?> command) {
        CompletableFuture<?> reply = topic.use().ask(command).toCompletableFuture();
        asked.add(reply);
        var _ = reply.whenComplete((value, failed) -> {
            trace.note("reply", failed == null ? 0 : 1, 0);
            trace.count(failed == null ? "ask answered" : "ask failed");
        });
    }

    // --- running

    /** Puts a lane's executor to sleep. */
    void holdLane(int steps) {
        asleep[random.nextInt(LANES)] = steps;
    }

    /** Runs one task of a lane that is awake, or one that is no lane's. */
    void step() {
        List<SeededExecutor> awake = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            if (asleep[i] > 0) {
                asleep[i]--;
            } else if (lanes.get(i).waiting() > 0) {
                awake.add(lanes.get(i));
            }
        }
        if (tasks.waiting() > 0) {
            awake.add(tasks);
        }
        if (!awake.isEmpty()) {
            run(awake.get(random.nextInt(awake.size())));
        }
    }

    private void run(SeededExecutor executor) {
        if (executor == tasks) {
            topics.stream().filter(topic -> topic.hasHandler).forEach(this::makeRoom);
        }
        executor.runOne();
        topics.forEach(Topic::observe);
        throwIfFailed();
    }

    /** Runs everything until nothing is left to run; executors that sleep wake up. */
    void runAll() {
        Arrays.fill(asleep, 0);
        for (int i = 0; i < 100_000; i++) {
            if (isIdle()) {
                return;
            }
            step();
        }
        throw new Violation("the engine does not come to rest");
    }

    boolean isIdle() {
        return tasks.waiting() == 0 && lanes.stream().allMatch(lane -> lane.waiting() == 0);
    }

    /** Lets lanes run until the guild's log has room: what follows would wait for it, on the thread that runs the lanes. */
    void makeRoom(Topic topic) {
        if (!conditions.isSmallLog()) {
            return;
        }
        while (topic.backlog() > conditions.logCapacity() - ROOM) {
            List<SeededExecutor> busy =
                    lanes.stream().filter(lane -> lane.waiting() > 0).toList();
            Violation.unless(!busy.isEmpty(), "%s has a backlog of %d, and no lane runs", topic, topic.backlog());
            run(busy.get(random.nextInt(busy.size())));
        }
    }

    boolean canTake(Topic topic) {
        return !topic.hasHandler || topic.guild().backlog() < MOST_WAITING;
    }

    // --- the end

    /** From now on nothing breaks, and handlers do what they are asked. */
    void calmDown() {
        calm = true;
    }

    CompletableFuture<?> drain() {
        draining = true;
        return engine.drain().toCompletableFuture();
    }

    /** What the bounds of the sessions themselves allow; {@code docs/testing.md} says why it is not the budget. */
    void checkMemory() {
        if (conditions.smallBudget()) {
            long retained = engine.stats().retainedBytes();
            long most = EngineBuilder.MIN_RETAINED_BYTES * 5 / 4;
            Violation.unless(retained <= most, "%d bytes are retained, at most %d may be", retained, most);
            trace.count("memory nearly full", retained > EngineBuilder.MIN_RETAINED_BYTES * 3 / 4 ? 1 : 0);
        }
    }

    void checkAccounts() {
        Violation.unless(isIdle(), "something runs in a closed engine");
        EngineStats stats = engine.stats();
        Violation.unless(
                stats.written() + stats.dropped() + stats.conflated() == stats.delivered(),
                "the deliveries do not add up: %s",
                stats);
        Violation.unless(stats.retainedBytes() % EMPTY_RING_BYTES == 0, "events that nobody holds: %s", stats);
        Violation.unless(stats.sessions() == 0 && stats.detached() == 0, "sessions are left: %s", stats);
        Violation.unless(
                stats.resumed() == resumed && stats.resumesRefused() == refused,
                "%d resumed and %d refused, not as in %s",
                resumed,
                refused,
                stats);
        Violation.unless(stats.guildsDown() == 0, "guilds are down: %s", stats);
        topics.forEach(topic -> Violation.unless(
                topic.guild().subscriptionCount() == 0,
                "%s has %d subscriptions",
                topic,
                topic.guild().subscriptionCount()));
        asked.forEach(reply -> Violation.unless(reply.isDone(), "a command has no answer"));
        publications.forEach(Publication::checkAccounted);
        lives.forEach((session, open) -> Violation.unless(!open, "%s: its listener was not told of its end", session));
        Violation.unless(
                lives.size() == clients.size(), "%d of %d sessions were told of", lives.size(), clients.size());
        trace.count("dropped", stats.dropped());
        trace.count("conflated", stats.conflated());
        trace.count("replayed", stats.replayed());
        trace.count("trimmed for the budget", stats.trimmedForBudget());
        trace.note("delivered", stats.delivered(), stats.written());
    }

    private final class Failures implements GuildListener {
        @Override
        public void onFailed(Guild guild, Throwable failed, Duration restartsIn) {
            topic(guild.id()).failures++;
            trace.count("guild restarted");
        }

        @Override
        public void onDown(Guild guild, Throwable failed) {
            topic(guild.id()).failures++;
            topic(guild.id()).downs++;
            trace.count("guild down");
        }
    }

    /** A session is opened once and closed once, and resumed between the two. */
    private final class Lives implements SessionListener {
        @Override
        public void onOpened(Session session) {
            move(session, null, true);
        }

        @Override
        public void onResumed(Session session, CloseReason lost) {
            move(session, true, true);
        }

        @Override
        public void onClosed(Session session, CloseReason reason) {
            move(session, true, false);
        }

        private void move(Session session, @Nullable Boolean from, boolean to) {
            noting(() -> Violation.unless(
                    Objects.equals(lives.put(session, to), from), "%s: a call of its listener out of order", session));
        }
    }
}
