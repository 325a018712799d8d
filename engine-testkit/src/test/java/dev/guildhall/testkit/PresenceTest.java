package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Activity;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Presence;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user's sessions say together, and what the user's guilds are told of it. */
class PresenceTest {
    private static final PresenceOptions OPTIONS = PresenceOptions.DEFAULT.withEncoder(ToldUsers.PLAIN);
    private static final SessionOptions WATCHER =
            SessionOptions.builder().inline().status(Status.INVISIBLE).build();

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(7);
    private final InMemoryTransport transport = InMemoryTransport.create();
    private final ToldUsers told = new ToldUsers();
    private Engine engine = open(OPTIONS);
    private Guild guild = watched("g");

    private Engine open(PresenceOptions options) {
        return builder().presence(options).transport(transport).open();
    }

    private EngineBuilder builder() {
        return Engine.builder()
                .laneExecutors(List.of(executor.serial(), executor.serial()))
                .blockingExecutor(executor)
                .clock(clock);
    }

    private Guild watched(String id) {
        Guild found = engine.guild(id);
        engine.openSession("watcher", WATCHER, told).subscribe(found);
        tick();
        return found;
    }

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    private void reopen(PresenceOptions options) {
        close();
        engine = open(options);
        guild = watched("g");
        told.takeEvents();
    }

    private void tick() {
        executor.runAll();
        clock.advance(PresenceOptions.DEFAULT_TICK);
        executor.runAll();
    }

    private List<String> toldAfterTick() {
        tick();
        return told.takeEvents();
    }

    private InMemoryClient enter(String user) {
        InMemoryClient client = transport.connect(user);
        client.session().subscribe(guild);
        return client;
    }

    private static void say(InMemoryClient client, Status status, String activity) {
        assertThat(client.session().setPresence(status, Activity.of(activity))).isEqualTo(Outcome.ENQUEUED);
    }

    // --- merging

    @ParameterizedTest
    @CsvSource({
        "DO_NOT_DISTURB, ONLINE, DO_NOT_DISTURB, DO_NOT_DISTURB",
        "DO_NOT_DISTURB, IDLE, DO_NOT_DISTURB, DO_NOT_DISTURB",
        "DO_NOT_DISTURB, INVISIBLE, DO_NOT_DISTURB, DO_NOT_DISTURB",
        "ONLINE, IDLE, ONLINE, ONLINE",
        "ONLINE, INVISIBLE, ONLINE, ONLINE",
        "IDLE, INVISIBLE, IDLE, IDLE",
        "IDLE, IDLE, IDLE, IDLE",
        "INVISIBLE, INVISIBLE, INVISIBLE, OFFLINE"
    })
    void theMostPresentSessionCounts(Status one, Status other, Status merged, Status shown) {
        InMemoryClient first = enter("ann");
        InMemoryClient second = enter("ann");
        for (boolean swap : new boolean[] {false, true}) {
            say(first, swap ? other : one, "");
            say(second, swap ? one : other, "");
            assertThat(engine.user("ann").presence().status()).isEqualTo(merged);
            tick();
            assertThat(told.present().get("ann")).isEqualTo(shown == Status.OFFLINE ? null : shown + ":");
        }
    }

    @Test
    void theActivityIsOfTheSessionWhoseStatusCountsAndOfTheLastWriterAmongEquals() {
        InMemoryClient phone = enter("ann");
        InMemoryClient desk = enter("ann");
        say(desk, Status.ONLINE, "writing");
        say(phone, Status.IDLE, "walking");
        assertThat(engine.user("ann").presence().activity().text()).isEqualTo("writing");
        say(phone, Status.ONLINE, "talking");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:talking");
        say(desk, Status.ONLINE, "writing");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:writing");
        say(desk, Status.INVISIBLE, "hiding");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:talking");
    }

    @Test
    void eachSessionIsADevice() {
        SessionOptions phone =
                SessionOptions.builder().device("phone").status(Status.IDLE).build();
        InMemoryClient first = transport.connect("ann", phone);
        InMemoryClient second = transport.connect("ann");
        say(second, Status.DO_NOT_DISTURB, "meeting");
        first.disconnect();
        executor.runAll();
        Activity meeting = Activity.of("meeting");
        assertThat(engine.user("ann").presence())
                .isEqualTo(new Presence(
                        Status.DO_NOT_DISTURB,
                        meeting,
                        List.of(
                                new Presence.Device("phone", Status.IDLE, Activity.NONE, false),
                                new Presence.Device("", Status.DO_NOT_DISTURB, meeting, true))));
        second.leave();
        executor.runAll();
        assertThat(engine.user("ann").presence().status()).isEqualTo(Status.IDLE);
    }

    @Test
    void theInvisibleAreOfflineForOthersOnly() {
        SessionOptions hidden =
                SessionOptions.builder().status(Status.INVISIBLE).build();
        InMemoryClient client = transport.connect("ann", hidden);
        client.session().subscribe(guild);
        assertThat(toldAfterTick()).isEmpty();
        assertThat(engine.user("ann").presence().status()).isEqualTo(Status.INVISIBLE);
        say(client, Status.ONLINE, "");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        say(client, Status.INVISIBLE, "hiding");
        assertThat(toldAfterTick()).containsExactly("ann=OFFLINE:");
        client.leave();
        assertThat(toldAfterTick()).isEmpty();
    }

    // --- coming and going

    @Test
    void whoLosesTheConnectionIsOfflineWhenTheWindowIsOver() {
        InMemoryClient client = enter("ann");
        say(client, Status.IDLE, "");
        assertThat(toldAfterTick()).containsExactly("ann=IDLE:");
        client.disconnect();
        executor.runAll();
        clock.advance(Duration.ofSeconds(89));
        assertThat(toldAfterTick()).isEmpty();
        InMemoryClient back = client.resume(); // on the other lane
        executor.runAll();
        clock.advance(Duration.ofSeconds(89));
        assertThat(toldAfterTick()).isEmpty();
        back.disconnect();
        executor.runAll();
        clock.advance(Duration.ofSeconds(90));
        assertThat(toldAfterTick()).containsExactly("ann=OFFLINE:");
        assertThat(engine.user("ann").presence()).isEqualTo(Presence.OFFLINE);
    }

    @Test
    void whoSaysGoodbyeOrIsClosedIsOfflineAtOnce() {
        InMemoryClient ann = enter("ann");
        InMemoryClient bob = enter("bob");
        tick();
        told.takeEvents();
        ann.leave();
        bob.session().close(CloseReason.REQUESTED);
        assertThat(engine.user("bob").presence()).isEqualTo(Presence.OFFLINE);
        tick();
        assertThat(told.takeEvents()).hasSize(1);
        assertThat(told.present()).isEmpty();
    }

    @Test
    void aGuildIsToldWhenTheFirstSessionEntersAndTheLastOneLeaves() {
        InMemoryClient first = transport.connect("ann");
        InMemoryClient second = transport.connect("ann");
        assertThat(toldAfterTick()).isEmpty();
        Subscription one = first.session().subscribe(guild);
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        Subscription other = second.session().subscribe(guild);
        assertThat(toldAfterTick()).isEmpty();
        one.unsubscribe();
        assertThat(toldAfterTick()).isEmpty();
        other.unsubscribe();
        assertThat(toldAfterTick()).containsExactly("ann=OFFLINE:");
        assertThat(engine.user("ann").presence().status()).isEqualTo(Status.ONLINE);
    }

    @Test
    void aChangeReachesTheGuildsOfTheUsersOtherSessions() {
        Guild other = watched("other");
        enter("ann");
        InMemoryClient elsewhere = transport.connect("ann");
        elsewhere.session().subscribe(other);
        tick();
        told.takeEvents();
        say(elsewhere, Status.DO_NOT_DISTURB, "");
        assertThat(toldAfterTick()).containsExactly("ann=DO_NOT_DISTURB:", "ann=DO_NOT_DISTURB:");
        elsewhere.leave();
        assertThat(toldAfterTick()).containsExactlyInAnyOrder("ann=ONLINE:", "ann=OFFLINE:");
    }

    // --- what a tick costs

    @Test
    void aThousandFlipsInATickCostEachGuildOneEvent() {
        Guild other = watched("other");
        InMemoryClient client = enter("ann");
        client.session().subscribe(other);
        tick();
        told.takeEvents();
        for (int i = 0; i < 1_000; i++) {
            say(client, i % 2 == 0 ? Status.IDLE : Status.ONLINE, "flip " + i);
            executor.runOne();
        }
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:flip 999", "ann=ONLINE:flip 999");
        for (int i = 0; i < 1_000; i++) {
            say(client, i % 2 == 0 ? Status.IDLE : Status.ONLINE, "flip 999");
        }
        assertThat(toldAfterTick()).as("ends as it began").isEmpty();
    }

    @Test
    void aThousandVisitsInATickCostNothing() {
        long offset = guild.nextOffset();
        for (int i = 0; i < 1_000; i++) {
            InMemoryClient client = enter("ann");
            client.leave();
            executor.runAll();
        }
        assertThat(toldAfterTick()).isEmpty();
        assertThat(guild.nextOffset()).as("control entries only").isEqualTo(offset + 1_000);
        InMemoryClient client = enter("ann");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        for (int i = 0; i < 1_000; i++) {
            client.leave();
            executor.runAll();
            client = enter("ann");
        }
        assertThat(toldAfterTick()).as("there before and after").isEmpty();
    }

    @Test
    void whoDoesNotFitIntoAnEventWaitsForTheNextTickAndIsToldAsThen() {
        reopen(OPTIONS.withUsersPerEvent(2));
        List<InMemoryClient> clients = new ArrayList<>();
        for (String user : List.of("a", "b", "c", "d", "e", "f")) {
            clients.add(enter(user));
        }
        assertThat(toldAfterTick()).containsExactly("a=ONLINE:,b=ONLINE:");
        say(clients.get(0), Status.IDLE, "");
        say(clients.get(2), Status.IDLE, "");
        clients.get(3).leave();
        assertThat(toldAfterTick()).containsExactly("c=IDLE:,e=ONLINE:");
        assertThat(toldAfterTick()).containsExactly("f=ONLINE:,a=IDLE:");
        assertThat(toldAfterTick()).isEmpty();
    }

    @Test
    void aTickMayHaveSeveralEventsButNoMoreThanItsBound() {
        reopen(OPTIONS.withUsersPerEvent(1).withEventsPerTick(3));
        List<InMemoryClient> clients = new ArrayList<>();
        for (String user : List.of("a", "b", "c", "d", "e")) {
            clients.add(enter(user));
        }
        assertThat(toldAfterTick()).containsExactly("a=ONLINE:", "b=ONLINE:", "c=ONLINE:");
        say(clients.get(0), Status.IDLE, "");
        assertThat(toldAfterTick()).containsExactly("d=ONLINE:", "e=ONLINE:", "a=IDLE:");
        assertThat(toldAfterTick()).isEmpty();
    }

    @Test
    void aFullLogIsTriedAgainWithWhatIsTrueThen() {
        close();
        SeededExecutor lanes = new SeededExecutor(1);
        engine = Engine.builder()
                .laneExecutors(List.of(lanes.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .logCapacity(64)
                .laneStallLimit(Duration.ofMinutes(10))
                .presence(OPTIONS)
                .open();
        guild = engine.guild("g");
        engine.openSession("watcher", WATCHER, told).subscribe(guild);
        Session ann = engine.openSession("ann", WATCHER, event -> {});
        ann.subscribe(guild);
        lanes.runAll();
        ann.setPresence(Status.ONLINE, Activity.NONE);
        while (guild.tryPublish(Event.of("E", "")) == Outcome.ORDERED) {}
        assertThat(toldAfterTick()).isEmpty();
        ann.setPresence(Status.IDLE, Activity.NONE);
        assertThat(toldAfterTick()).isEmpty();
        lanes.runAll();
        tick();
        lanes.runAll();
        assertThat(told.takeEvents()).containsExactly("ann=IDLE:");
        engine.drain();
        lanes.runAll();
    }

    @Test
    void whoComesAndGoesWhileAnEventIsMadeIsToldNext() {
        reopen(OPTIONS.withEncoder((guildId, updates) -> {
            if (updates.getFirst().status() == Status.ONLINE) {
                engine.user("ann").sessions().forEach(session -> session.close(CloseReason.REQUESTED));
                executor.runAll();
                enter("ann").leave();
                executor.runAll();
            }
            return ToldUsers.PLAIN.encode(guildId, updates);
        }));
        enter("ann");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        assertThat(toldAfterTick()).containsExactly("ann=OFFLINE:");
    }

    // --- options

    @Test
    void onlyThoseAreToldWhoHaveTheInterest() {
        reopen(OPTIONS.withNeed(0b100));
        ToldUsers uninterested = new ToldUsers();
        engine.openSession("watcher", WATCHER, uninterested).subscribe(guild, 0b011);
        enter("ann");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        assertThat(uninterested.takeEvents()).isEmpty();
    }

    @Test
    void anEncoderThatFailsIsCountedAndTheNextUpdatesAreTold() {
        reopen(OPTIONS.withEncoder((guildId, updates) -> {
            if (updates.getFirst().user().equals("bad")) {
                throw new IllegalStateException("on purpose");
            }
            return ToldUsers.PLAIN.encode(guildId, updates);
        }));
        enter("bad");
        assertThat(toldAfterTick()).isEmpty();
        assertThat(engine.stats().subscriberFailures()).isEqualTo(1);
        assertThat(toldAfterTick()).isEmpty();
        enter("ann");
        assertThat(toldAfterTick()).containsExactly("ann=ONLINE:");
        assertThat(engine.stats().subscriberFailures()).isEqualTo(1);
    }

    @Test
    void withoutTheOptionGuildsAreToldNothing() {
        close();
        engine = builder().open();
        guild = watched("g");
        Session session = engine.openSession("ann", event -> {});
        session.subscribe(guild);
        long offset = guild.nextOffset();
        session.setPresence(Status.IDLE, Activity.of("x"));
        assertThat(toldAfterTick()).isEmpty();
        assertThat(guild.nextOffset()).isEqualTo(offset);
        assertThat(engine.user("ann").presence().status()).isEqualTo(Status.IDLE);
    }

    @Test
    void presenceKeepsNoGuildAlive() {
        InMemoryClient client = enter("ann");
        engine.user("watcher").sessions().forEach(session -> session.close(CloseReason.REQUESTED));
        tick();
        client.leave();
        tick();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMinutes(1));
            executor.runAll();
        }
        assertThat(engine.stats().guilds()).isZero();
        enter("ann");
        tick();
        assertThat(engine.guild("g").nextOffset())
                .as("the subscription and one event")
                .isEqualTo(2);
    }

    // --- misuse

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void badInputIsRefusedWithItsBound() {
        Session session = enter("ann").session();
        assertThatThrownBy(() -> Activity.of(new byte[1025]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an activity must have at most 1024 bytes, had 1025");
        assertThatThrownBy(() -> session.setPresence(Status.OFFLINE, Activity.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.setPresence(null, Activity.NONE)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> session.setPresence(Status.IDLE, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SessionOptions.builder().status(Status.OFFLINE).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionOptions.builder().device("x".repeat(65)).build())
                .hasMessageContaining("between 0 and 64, was 65");
        assertThatThrownBy(() -> OPTIONS.withTick(Duration.ZERO)).hasMessageContaining("PT0.001S");
        assertThatThrownBy(() -> OPTIONS.withUsersPerEvent(0)).hasMessageContaining("between 1 and 4096, was 0");
        assertThatThrownBy(() -> OPTIONS.withEventsPerTick(257)).hasMessageContaining("between 1 and 256, was 257");
        session.close(CloseReason.REQUESTED);
        assertThat(session.setPresence(Status.IDLE, Activity.NONE)).isEqualTo(Outcome.CLOSED);
    }
}
