package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules in which clients stall, vanish in the middle of a write, come back on other lanes with right and wrong
 * numbers, and overflow, while events of all classes are published. What each client received is compared with what was
 * published; whether a resume was refused, with a model that knows no more than what was written when.
 */
class SessionModelTest {
    private static final int SCHEDULES = Integer.getInteger("guildhall.schedules", 10_000);
    private static final int STEPS = 60;
    private static final int MAX_REPLAY = 12;

    private static final int RELIABLE = 5;

    /** Of rings that wait to be used again; no multiple of what an event weighs. */
    private static final int EMPTY_RING_BYTES = 128 + 8 * 4;

    private static final int SUBSCRIBE_AND_MOVE = 16;
    private static final int LEAVE = 17;

    /** What is kept when the replay was above its bound. */
    private static final int KEPT_REPLAY = MAX_REPLAY - MAX_REPLAY / 8;

    private static final List<OverflowPolicy> POLICIES = List.of(OverflowPolicy.values());

    @Test
    void everyClientReceivesWhatTheModelSays() {
        Long seed = Long.getLong("guildhall.seed");
        if (seed != null) {
            new Schedule(seed).run();
            return;
        }
        long first = new Random().nextLong();
        for (int i = 0; i < SCHEDULES; i++) {
            new Schedule(first + i).run();
        }
    }

    private static final class Schedule {
        final String name;
        final Random random;
        final boolean smallLog;
        final SeededExecutor executor;
        final ManualClock clock = new ManualClock();
        final BareTransport transport = new BareTransport();
        final Engine engine;
        final List<Guild> guilds;
        final Map<String, List<Event>> published = new HashMap<>();
        final List<Client> clients = new ArrayList<>();

        /** What the engine, which goes on when a transport fails, was told in its calls. */
        final List<AssertionError> failures = new ArrayList<>();

        Schedule(long seed) {
            name = "-Dguildhall.seed=" + seed;
            random = new Random(seed);
            smallLog = random.nextInt(4) == 0;
            executor = new SeededExecutor(seed);
            engine = Engine.builder()
                    .laneExecutors(List.of(executor.serial(), executor.serial(), executor.serial()))
                    .blockingExecutor(executor)
                    .clock(clock)
                    .logCapacity(smallLog ? 64 : 1024)
                    .sessionMajorFrom(1 + random.nextInt(3))
                    .turnBudget(random.nextBoolean() ? 64 : 1024)
                    .transport(transport)
                    .open();
            guilds = List.of(engine.guild("a"), engine.guild("b"));
            guilds.forEach(guild -> published.put(guild.id(), new ArrayList<>()));
        }

        void run() {
            try {
                play();
                failures.forEach(failure -> {
                    throw failure;
                });
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("replay with " + name, e);
            }
        }

        private void play() {
            for (int i = 0; i < 3; i++) {
                clients.add(new Client(this));
            }
            for (int step = 0; step < STEPS; step++) {
                act();
                for (int i = random.nextInt(5); i > 0; i--) {
                    executor.runOne();
                }
            }
            clients.forEach(Client::finish);
            CompletableFuture<?> drained = engine.drain().toCompletableFuture();
            executor.runAll();
            assertThat(drained).as(name).isDone();
            checkBalance();
        }

        private void act() {
            Client client = clients.get(random.nextInt(clients.size()));
            switch (random.nextInt(160) == 0 ? LEAVE : random.nextInt(17)) {
                case 0, 1, 2, 3, 4 -> publish(1 + random.nextInt(5));
                case 5 -> publish(random.nextInt(8) == 0 ? 200 : 20);
                case 6, 7 -> client.read(random.nextInt(20));
                case 8 -> client.acknowledge();
                case 9 -> client.stallOrUnstall();
                case 10 -> client.cut();
                case 11 -> client.failSoon();
                case 12, 13 -> client.comeBack();
                case 14 -> client.subscribeOrLeave();
                case SUBSCRIBE_AND_MOVE -> {
                    publish(random.nextInt(100));
                    client.subscribeOrLeave();
                    client.comeBack();
                }
                case LEAVE -> client.sayGoodbye();
                default -> passTime();
            }
        }

        private void passTime() {
            clock.advance(random.nextInt(30) == 0 ? Duration.ofSeconds(91) : Duration.ofMillis(random.nextInt(400)));
        }

        /** Half of the time only reliable events, which can be appended to a ring as one. */
        private void publish(int count) {
            boolean reliable = random.nextBoolean();
            for (int i = 0; i < count; i++) {
                publishOne(guilds.get(random.nextInt(2)), reliable ? RELIABLE : random.nextInt(6));
            }
        }

        private void publishOne(Guild guild, int kind) {
            Event event = Event.of("E", "x");
            switch (kind) {
                case 0 -> event = event.withDelivery(Delivery.latest("k" + random.nextInt(3)));
                case 1 -> event = event.withDelivery(Delivery.ephemeral(Duration.ofMillis(300)));
                default -> {}
            }
            if (guild.tryPublish(event).isAccepted()) {
                long offset = guild.nextOffset() - 1;
                List<Event> log = Objects.requireNonNull(published.get(guild.id()));
                while (log.size() < offset) {
                    log.add(Event.of("CONTROL", "x"));
                }
                log.add(event);
            }
        }

        private void checkBalance() {
            EngineStats stats = engine.stats();
            assertThat(stats.retainedBytes() % EMPTY_RING_BYTES)
                    .as("%s: events that nobody holds, in %d bytes", name, stats.retainedBytes())
                    .isZero();
            assertThat(stats.written() + stats.dropped() + stats.conflated())
                    .as(name)
                    .isEqualTo(stats.delivered());
            assertThat(stats.sessions()).as(name).isZero();
            assertThat(stats.detached()).as(name).isZero();
            assertThat(executor.waiting()).as(name).isZero();
            guilds.forEach(
                    guild -> assertThat(guild.subscriptionCount()).as(name).isZero());
        }
    }

    /** One session, the client at its other end, and what the model knows of them. */
    private static final class Client {
        private final Schedule schedule;
        private final String name;
        private final Random random;
        private final Session session;
        private final String secret;

        /** What the client has, at the number minus one. */
        private final List<Event> received = new ArrayList<>();

        private final Map<String, Subscription> subscriptions = new HashMap<>();
        private final Map<String, Boolean> left = new HashMap<>();
        private final Set<Event> writtenOnce = Collections.newSetFromMap(new IdentityHashMap<>());
        private Link link;
        private boolean resuming;
        private boolean lost;
        private boolean saidGoodbye;

        /** Number of the last event that was written. */
        private long lastWritten;

        /** Numbers up to which the session must have forgotten, and up to which it may have. */
        private long forgotten;

        private long forgettable;

        Client(Schedule schedule) {
            this.schedule = schedule;
            name = schedule.name;
            random = schedule.random;
            SessionOptions options = SessionOptions.builder()
                    .maxBacklogEvents(128)
                    .maxReplayEvents(MAX_REPLAY)
                    .overflow(POLICIES.get(random.nextInt(3)))
                    .build();
            link = new Link(this);
            Attachment attachment = schedule.transport.open(options, link);
            link.attachment = attachment;
            session = attachment.session();
            secret = attachment.secret();
        }

        // --- what happens to it

        void subscribeOrLeave() {
            Guild guild = schedule.guilds.get(random.nextInt(2));
            Subscription present = subscriptions.get(guild.id());
            if (present == null && session.isOpen()) {
                if (schedule.smallLog) {
                    schedule.executor.runAll(); // subscribing might wait for room, on the thread that makes it
                }
                Subscription added = session.subscribe(guild);
                if (added.outcome().isAccepted()) {
                    subscriptions.put(guild.id(), added);
                }
            } else if (present != null && random.nextInt(6) == 0) {
                left.put(guild.id(), true);
                present.unsubscribe();
            }
        }

        void read(int count) {
            for (int i = 0; i < count && !link.wire.isEmpty(); i++) {
                received.add(link.wire.removeFirst());
            }
            link.tellWritable();
        }

        void acknowledge() {
            if (link.attachment != null) {
                forgettable = Math.max(forgettable, received.size());
                link.attachment.acknowledged(received.size());
            }
        }

        void stallOrUnstall() {
            link.stalled = !link.stalled;
            link.tellWritable();
        }

        void cut() {
            if (link.attachment != null && !link.closed) {
                link.vanish();
                link.attachment.lost(CloseReason.CONNECTION_LOST);
            }
        }

        void sayGoodbye() {
            if (link.attachment != null && !link.closed && !resuming) {
                link.vanish();
                saidGoodbye = true;
                link.attachment.closed(CloseReason.CLIENT_LEFT);
            }
        }

        void failSoon() {
            link.failAfter = random.nextInt(4);
        }

        void comeBack() {
            if (!resuming && !lost) {
                switch (random.nextInt(10)) {
                    case 0 -> resume(lastWritten + 100_000);
                    case 1 -> resume(-1 - random.nextInt(3));
                    case 2 -> resume(random.nextInt(received.size() + 1));
                    default -> resume(received.size());
                }
            }
        }

        private void resume(long seq) {
            Link next = new Link(this);
            resuming = true;
            ResumeRequest request = new ResumeRequest(session.id(), secret, seq, "client");
            List<? extends Lane> lanes = schedule.transport.lanes();
            schedule.transport.resume(request, lanes.get(random.nextInt(lanes.size())), next, result -> {
                resuming = false;
                noting(() -> answered(seq, next, result));
            });
        }

        private void noting(Runnable check) {
            try {
                check.run();
            } catch (AssertionError e) {
                schedule.failures.add(e);
                throw e;
            }
        }

        private void answered(long seq, Link next, ResumeResult result) {
            if (result instanceof ResumeResult.Resumed resumed) {
                received.subList((int) seq, received.size()).clear();
                link.vanish();
                link = next;
                next.attachment = resumed.attachment();
                assertThat(seq).as(name).isBetween(forgotten, lastWritten);
                assertThat(saidGoodbye).as(name).isFalse();
                lastWritten = seq;
                forgotten = seq;
                forgettable = seq;
                return;
            }
            switch (((ResumeResult.Refused) result).reason()) {
                case SEQ_INVALID -> assertThat(seq).as(name).isNegative();
                case SEQ_AHEAD -> assertThat(seq).as(name).isGreaterThan(lastWritten);
                case SEQ_TRIMMED -> {
                    lost = seq == received.size();
                    assertThat(seq).as(name).isLessThan(forgettable);
                }
                case EXPIRED, EVENTS_LOST -> {
                    lost = true;
                    assertThat(session.isOpen() && !saidGoodbye).as(name).isFalse();
                }
                default -> throw new AssertionError(name + ": " + result);
            }
        }

        // --- what the engine does

        void written(Event event, long seq) {
            noting(() -> assertThat(seq).as(name).isEqualTo(++lastWritten));
            if (writtenOnce.add(event) || event.type().equals(Event.RESUMED)) {
                forgotten = Math.max(forgotten, seq - MAX_REPLAY);
                forgettable = Math.max(forgettable, seq - KEPT_REPLAY);
            }
        }

        // --- the end

        void finish() {
            schedule.executor.runAll();
            for (int i = 0; i < 100 && session.isOpen() && !lost && !isCaughtUp(); i++) {
                if (!session.isAttached() || link.closed) {
                    resume(received.size());
                }
                link.stalled = false;
                link.failAfter = Integer.MAX_VALUE;
                link.tellWritable();
                schedule.executor.runAll();
                read(Integer.MAX_VALUE);
                schedule.executor.runAll();
            }
            if (session.isOpen() && !lost) {
                assertThat(isCaughtUp()).as(name).isTrue();
            }
            assertThat(session.isOpen() && saidGoodbye).as(name).isFalse();
            boolean complete = session.isOpen() && !lost;
            if (lost) {
                session.close(CloseReason.REQUESTED); // nobody will read what it still holds
            }
            subscriptions.forEach((guild, subscription) -> check(guild, subscription, complete));
            received.forEach(event -> assertThat(event.offset() < 0 || subscriptions.containsKey(event.guildId()))
                    .as(name)
                    .isTrue());
        }

        private boolean isCaughtUp() {
            return session.isAttached()
                    && !link.closed
                    && !link.stalled
                    && link.wire.isEmpty()
                    && received.size() == lastWritten
                    && schedule.executor.waiting() == 0;
        }

        private void check(String guild, Subscription subscription, boolean complete) {
            List<Event> log = Objects.requireNonNull(schedule.published.get(guild));
            boolean[] has = new boolean[log.size()];
            boolean[] excused = new boolean[log.size()];
            long last = subscription.firstOffset() - 1;
            for (Event event : received) {
                if (!event.guildId().equals(guild)) {
                    continue;
                }
                if (event.type().equals(Event.GAP)) {
                    excuse(event, excused);
                } else {
                    assertThat(event.offset()).as("%s in order", name).isGreaterThan(last);
                    assertThat(event.type()).as(name).isEqualTo("E");
                    has[(int) event.offset()] = true;
                }
                last = event.offset();
            }
            boolean stays = complete && !left.getOrDefault(guild, false);
            long end = stays ? log.size() : last;
            Map<String, Integer> newest = new HashMap<>();
            for (int offset = (int) subscription.firstOffset(); offset < end; offset++) {
                Event event = log.get(offset);
                if (event.delivery() instanceof Delivery.Latest latest) {
                    newest.put(latest.key(), offset);
                } else if (event.delivery() instanceof Delivery.Reliable
                        && !event.type().equals("CONTROL")) {
                    assertThat(has[offset] || excused[offset])
                            .as(
                                    "%s: offset %d of %s, first %d, end %d",
                                    name, offset, guild, subscription.firstOffset(), end)
                            .isTrue();
                }
            }
            if (stays) {
                newest.forEach((key, offset) -> assertThat(has[offset] || excused[offset])
                        .as("%s: newest of %s", name, key)
                        .isTrue());
            }
        }

        private static final Pattern RANGE = Pattern.compile("\"from\":(\\d+),\"to\":(\\d+)");

        private static void excuse(Event gap, boolean[] excused) {
            Matcher range = RANGE.matcher(gap.text());
            assertThat(range.find()).isTrue();
            for (int i = Integer.parseInt(range.group(1)); i <= Integer.parseInt(range.group(2)); i++) {
                excused[i] = true;
            }
        }
    }

    /** A connection of which a test decides when it takes something and when it breaks. */
    private static final class Link implements Connection {
        final ArrayDeque<Event> wire = new ArrayDeque<>();
        final Client client;

        @Nullable
        Attachment attachment;

        boolean stalled;
        boolean closed;
        int failAfter = Integer.MAX_VALUE;
        private boolean wanted;

        Link(Client client) {
            this.client = client;
        }

        @Override
        public boolean isWritable() {
            boolean writable = !stalled && wire.size() < 30;
            wanted |= !writable;
            return writable;
        }

        void tellWritable() {
            if (wanted && !closed && attachment != null) {
                wanted = false;
                attachment.writable();
            }
        }

        @Override
        public void write(Event event, long seq) {
            client.noting(() -> assertThat(attachment).as(client.name).isNotNull());
            client.written(event, seq);
            if (failAfter-- <= 0) {
                throw new IllegalStateException("deliberate");
            }
            if (!closed) {
                wire.add(event);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {
            closed = true;
        }

        void vanish() {
            closed = true;
            wire.clear();
        }
    }
}
