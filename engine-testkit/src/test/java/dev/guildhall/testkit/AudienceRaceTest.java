package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Audience;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.Subscription.Mode;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that grant and revoke, change modes and kick, in an engine that runs as in production, while others publish and clients move
 * between lanes. Whoever publishes after it has revoked is sure that the event does not arrive, and after it has granted, that it does.
 */
@Timeout(120)
class AudienceRaceTest {
    private static final int LANES = 4;
    private static final int ROUNDS = 1_500;
    private static final int OPEN_EVENTS = 50_000;
    private static final String SECRET = "secret";

    private final long seed = Long.getLong("guildhall.seed", System.nanoTime());
    private final InMemoryTransport transport = InMemoryTransport.create(64);
    private final Engine engine = Engine.builder()
            .lanes(LANES)
            .transport(transport)
            .drainTimeout(Duration.ofMinutes(1))
            .laneStallLimit(Duration.ofHours(1))
            .logCapacity(1 << 17) // nothing is overwritten while a session moves
            .open();
    private final Guild guild = engine.guild("g");
    private final SessionOptions options = SessionOptions.builder()
            .maxReplayEvents(1 << 16)
            .maxReplayBytes(1 << 28)
            .maxBacklogEvents(1 << 16)
            .build();
    private final AtomicBoolean deciding = new AtomicBoolean(true);

    /** What a session got. */
    private static final class Log {
        private final List<Event> events = new ArrayList<>();

        synchronized void add(Event event) {
            events.add(event);
        }

        synchronized List<Event> of(String type) {
            return events.stream().filter(event -> event.type().equals(type)).toList();
        }

        List<String> texts(String type) {
            return of(type).stream().map(Event::text).toList();
        }

        void assertInOrderOnce(String who) {
            List<Long> offsets = of("E").stream().map(Event::offset).toList();
            assertThat(offsets).as(who).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsDecidedHoldsForWhateverIsPublishedAfterIt() throws Exception {
        System.out.println("-Dguildhall.seed=" + seed);
        guild.channels().define(SECRET, Set.of("member"));
        Interests member = guild.channels().interestsOf(Set.of("member"), Interests.of());
        Log reference = inline("reference", Interests.all());
        List<Log> all = new ArrayList<>(List.of(reference));
        List<Callable<Void>> deciders = new ArrayList<>();
        List<Callable<Void>> others = new ArrayList<>();
        List<Runnable> checks = new ArrayList<>();
        for (String user : List.of("ann", "bob")) {
            List<Log> logs = List.of(
                    inline(user, Interests.of()),
                    inline(user, Interests.of()),
                    moving(user, Interests.of(), others, new Random(seed + user.hashCode())));
            all.addAll(logs);
            deciders.add(() -> grantAndRevoke(user, member));
            checks.add(() -> logs.forEach(log -> assertGrantedOnly(log, user)));
        }
        Log kicked = new Log();
        deciders.add(() -> subscribeAndKick(kicked));
        checks.add(() -> assertThat(kicked.texts("KICK")).isEqualTo(rounds("in ")));
        Log flipping = new Log();
        List<Long> changes = new ArrayList<>();
        deciders.add(() -> flip(flipping, changes));
        checks.add(() -> assertActiveOnly(flipping, changes, reference));
        all.addAll(List.of(kicked, flipping));
        others.add(() -> publishOpenly(new Random(seed)));
        others.add(() -> comeAndGo(new Random(seed + 1)));

        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("race-", 0).factory())) {
            List<Future<Void>> decisions =
                    deciders.stream().map(threads::submit).toList();
            List<Future<Void>> rest = others.stream().map(threads::submit).toList();
            for (Future<Void> decision : decisions) {
                decision.get(60, TimeUnit.SECONDS);
            }
            deciding.set(false);
            publish("END", "", Audience.all());
            for (Future<Void> other : rest) {
                other.get(60, TimeUnit.SECONDS);
            }
        }
        engine.close();

        for (int i = 0; i < all.size(); i++) {
            all.get(i).assertInOrderOnce("session " + i + ", seed " + seed);
        }
        checks.forEach(Runnable::run);
        assertThat(reference.texts("ann")).hasSize(2 * ROUNDS); // somebody sees what ann may not
    }

    // --- who receives

    private Log inline(String user, Interests interests) {
        Log log = new Log();
        engine.openSession(user, SessionOptions.DEFAULT.withInline(), log::add).subscribe(guild, interests);
        return log;
    }

    /** A client that reads in a thread of its own and now and then comes back on another lane. */
    private Log moving(String user, Interests interests, List<Callable<Void>> threads, Random random) {
        Log log = new Log();
        InMemoryClient first = transport.connect(user, options);
        first.session().subscribe(guild, interests);
        threads.add(() -> {
            InMemoryClient client = first;
            while (true) {
                Received received = client.take(Duration.ofSeconds(40));
                assertThat(received).as("%s, seed %d", client, seed).isNotNull();
                log.add(received.event());
                if (received.event().type().equals("END")) {
                    return null;
                }
                if (random.nextInt(200) == 0) {
                    client = client.resume(engine.lanes().get(random.nextInt(LANES)));
                    assertThat(client.resumption().get(30, TimeUnit.SECONDS)).isInstanceOf(ResumeResult.Resumed.class);
                }
            }
        });
        return log;
    }

    // --- who decides, and what follows

    private Void grantAndRevoke(String user, Interests member) {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(guild.setInterests(user, member)).isEqualTo(Outcome.ORDERED);
            publish(user, "granted " + i, Audience.channel(SECRET));
            assertThat(guild.setInterests(user, Interests.of())).isEqualTo(Outcome.ORDERED);
            publish(user, "revoked " + i, Audience.channel(SECRET));
        }
        return null;
    }

    private void assertGrantedOnly(Log log, String user) {
        assertThat(log.texts(user)).as("of %s, seed %d", user, seed).isEqualTo(rounds("granted "));
    }

    private Void subscribeAndKick(Log log) {
        Session session = engine.openSession("kicked", SessionOptions.DEFAULT.withInline(), log::add);
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(session.subscribe(guild, Interests.of()).outcome()).isEqualTo(Outcome.ORDERED);
            publish("KICK", "in " + i, Audience.all());
            assertThat(guild.kick("kicked")).isEqualTo(Outcome.ORDERED);
            publish("KICK", "out " + i, Audience.all());
        }
        return null;
    }

    private Void flip(Log log, List<Long> changes) {
        Session session = engine.openSession("flipping", SessionOptions.DEFAULT.withInline(), log::add);
        Subscription subscription = session.subscribe(guild, Interests.of());
        changes.add(subscription.firstOffset());
        for (int i = 0; i < ROUNDS; i++) {
            changes.add(changed(subscription.setMode(Mode.PASSIVE)));
            publish("E", "between", Audience.all());
            changes.add(changed(subscription.setMode(Mode.ACTIVE)));
            publish("E", "again", Audience.all());
        }
        changes.add(changed(subscription.setMode(Mode.PASSIVE)));
        return null;
    }

    private static long changed(Subscription.ModeChange change) {
        assertThat(change.outcome()).isEqualTo(Outcome.ORDERED);
        return change.offset();
    }

    /** Active from each even one of the changes up to the next one. */
    private void assertActiveOnly(Log log, List<Long> changes, Log reference) {
        List<Long> expected = new ArrayList<>();
        int change = 0;
        for (Event event : reference.of("E")) {
            while (change < changes.size() && changes.get(change) <= event.offset()) {
                change++;
            }
            if (change % 2 == 1) {
                expected.add(event.offset());
            }
        }
        assertThat(log.of("E").stream().map(Event::offset).toList())
                .as("seed %d", seed)
                .isEqualTo(expected);
        assertThat(expected).hasSizeGreaterThanOrEqualTo(ROUNDS);
    }

    private static List<String> rounds(String prefix) {
        return IntStream.range(0, ROUNDS).mapToObj(i -> prefix + i).toList();
    }

    // --- what goes on besides

    private Void publishOpenly(Random random) {
        for (int left = OPEN_EVENTS; deciding.get() && left > 0; left--) {
            publish("E", "open", Audience.all());
            if (random.nextInt(20) == 0) { // most often there are enough for a batch
                guild.publishCounted(Event.of("E", "open"))
                        .deliveries()
                        .toCompletableFuture()
                        .join();
            }
        }
        return null;
    }

    private Void comeAndGo(Random random) {
        List<Subscription> present = new ArrayList<>();
        while (deciding.get()) {
            if (present.size() < 20) {
                Session session = engine.openSession("other", SessionOptions.DEFAULT.withInline(), event -> {});
                present.add(session.subscribe(guild, Interests.of(random.nextInt(3))));
            } else {
                Subscription gone = present.remove(random.nextInt(present.size()));
                gone.unsubscribe();
                gone.session().close(CloseReason.REQUESTED);
            }
        }
        return null;
    }

    private void publish(String type, String text, Audience audience) {
        assertThat(guild.publish(Event.of(type, text).to(audience)).outcome()).isEqualTo(Outcome.ORDERED);
    }
}
