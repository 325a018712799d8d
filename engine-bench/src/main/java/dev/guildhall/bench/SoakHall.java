package dev.guildhall.bench;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildOptions;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Receipt;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.NettyTransport;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One engine of a soak with its gateway, its guilds and its clients. Each guild has one publisher, a thread of its own, so its
 * numbers have the guild's order; every second guild has a handler, which fails now and then.
 */
final class SoakHall implements AutoCloseable {
    static final int JOIN = 100;
    static final int LEAVE = 101;
    static final String POST = "POST";
    static final String TYPING = "TYPING";
    static final String JOINED = "JOINED";
    static final String NOT_JOINED = "NOT_JOINED";

    private static final String CRASH = "CRASH";
    private static final int GUILDS = 6;
    private static final int BACKLOG = 128;
    private static final int LOG = 512;
    private static final int BURST = 300;
    private static final String PADDING = "x".repeat(3_000);
    private static final Duration RESUME_WINDOW = Duration.ofSeconds(5);
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final SoakTally tally;
    private final OverflowPolicy policy;
    private final Map<String, SoakLedger> ledgers = new TreeMap<>();
    private final List<SoakClient> clients = new ArrayList<>();
    private final List<Thread> publishers = new ArrayList<>();
    private final Engine engine;
    private volatile boolean mixing;

    SoakHall(OverflowPolicy policy, int size, long seed, SoakTally tally, EventLoopGroup loops) {
        this.tally = tally;
        this.policy = policy;
        NettyTransport gateway = NettyTransport.builder()
                .port(0)
                .eventLoops(2)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .messageRate(10_000, Duration.ofSeconds(60))
                .sessionOptions(SessionOptions.builder()
                        .maxBacklogEvents(BACKLOG)
                        .overflow(policy)
                        .resumeWindow(RESUME_WINDOW)
                        .build())
                .opcode(JOIN, this::join)
                .opcode(LEAVE, this::leave)
                .build();
        engine = Engine.builder()
                .transport(gateway)
                .logCapacity(LOG) // full, and so as large as ever, within seconds
                .guildHandlers(id -> id.endsWith("h") ? new Fragile() : new GuildHandler() {})
                .guildOptions(GuildOptions.builder()
                        .backoff(Duration.ofMillis(10), Duration.ofMillis(50))
                        .maxRestarts(1_000, Duration.ofMinutes(1))
                        .build())
                .open();
        Random random = new Random(seed);
        for (int i = 0; i < GUILDS; i++) {
            ledgers.put(policy + "-" + i + (i % 2 == 0 ? "h" : "p"), new SoakLedger());
        }
        for (int i = 0; i < size; i++) {
            clients.add(new SoakClient(this, gateway.url(), policy + "-user-" + i, random.nextLong(), loops.next()));
        }
        clients.forEach(client -> client.loop().execute(client::start));
    }

    SoakTally tally() {
        return tally;
    }

    List<String> guilds() {
        return List.copyOf(ledgers.keySet());
    }

    SoakLedger ledger(String guild) {
        SoakLedger ledger = ledgers.get(guild);
        if (ledger == null) {
            throw new IllegalArgumentException("no guild " + guild);
        }
        return ledger;
    }

    boolean isMixing() {
        return mixing;
    }

    /** Begins to publish and to disturb. */
    void mix(long seed) {
        mixing = true;
        Random random = new Random(seed);
        ledgers.forEach((id, ledger) -> {
            Random own = new Random(random.nextLong());
            publishers.add(
                    Thread.ofVirtual().name("publisher " + id).start(() -> publish(engine.guild(id), ledger, own)));
        });
    }

    /** Stops, waits until every client has what it is due, and judges what each got. */
    void settle() throws InterruptedException {
        mixing = false;
        for (Thread publisher : publishers) {
            publisher.join();
        }
        publishers.clear();
        long deadline = System.nanoTime() + SETTLE_NANOS;
        await("clients are not connected", SoakClient::isSettled, deadline);
        ledgers.forEach((id, ledger) -> post(engine.guild(id), ledger)); // so that a gap is told by what comes after it
        await("clients lack events", SoakClient::isComplete, deadline);
        for (SoakClient client : clients) {
            on(client, present -> {
                present.judge();
                return true;
            });
        }
        while (engine.stats().sessions() != clients.size()) {
            if (System.nanoTime() > deadline) {
                tally.unaccounted(policy + ": " + engine.stats().sessions() + " sessions are left of " + clients.size()
                        + " clients");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void await(String otherwise, Predicate<SoakClient> condition, long deadline) throws InterruptedException {
        for (SoakClient client : clients) {
            while (!on(client, condition)) {
                if (System.nanoTime() > deadline) {
                    tally.unaccounted(policy + ": " + otherwise);
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static boolean on(SoakClient client, Predicate<SoakClient> question) throws InterruptedException {
        try {
            return client.loop().submit(() -> question.test(client)).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a client does not answer", e);
        }
    }

    private void publish(Guild guild, SoakLedger ledger, Random random) {
        long ephemerals = ledger.published() * BURST;
        while (mixing) {
            int chance = random.nextInt(200);
            int posts = chance >= 198 ? BURST : 1;
            for (int i = 0; i < posts; i++) {
                post(guild, ledger);
            }
            if (chance < 40) {
                guild.publish(event(TYPING, guild.id(), ephemerals++)
                        .withDelivery(Delivery.ephemeral(Duration.ofSeconds(1))));
            }
            if (chance == 1 && guild.id().endsWith("h")) {
                tally.restarts.incrementAndGet();
                guild.publish(Event.of(CRASH, "{}"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20L + random.nextInt(100)));
        }
    }

    /** Publishes the guild's next event until it has its place. */
    private void post(Guild guild, SoakLedger ledger) {
        while (true) {
            Receipt receipt = guild.publish(event(POST, guild.id(), ledger.published()));
            if (receipt.outcome() == Outcome.ORDERED) {
                ledger.record(receipt.offset());
                tally.events.incrementAndGet();
                return;
            }
            tally.refused.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Event event(String type, String guild, long number) {
        String padding = type.equals(POST) ? PADDING : "";
        return Event.of(type, "{\"g\":\"" + guild + "\",\"n\":" + number + ",\"p\":\"" + padding + "\"}");
    }

    private void join(GatewaySession session, JsonNode guild) {
        String id = guild.stringValue();
        session.session()
                .subscribe(engine.guild(id))
                .settled()
                .thenAccept(subscription -> session.session()
                        .send(event(
                                subscription.outcome().isAccepted() ? JOINED : NOT_JOINED,
                                id,
                                subscription.firstOffset())));
    }

    private void leave(GatewaySession session, JsonNode guild) {
        Subscription subscription = session.session().subscription(engine.guild(guild.stringValue()));
        if (subscription != null) {
            subscription.unsubscribe();
        }
    }

    @Override
    public void close() {
        clients.forEach(client -> client.loop().execute(client::end));
        engine.close();
    }

    /** Fails when it is told to. */
    private static final class Fragile implements GuildHandler {
        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            if (request.event().type().equals(CRASH)) {
                throw new IllegalStateException("a failure of the soak's own making");
            }
            return PublishDecision.accept();
        }
    }
}
