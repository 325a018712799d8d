package dev.guildhall.bench.load;

import dev.guildhall.bench.load.LoadClient.Role;
import dev.guildhall.bench.load.Tally.State;
import io.netty.channel.EventLoopGroup;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * One load from the first connection to the last goodbye. Each phase has an end by the clock, and {@link #interrupt} ends whichever
 * is at work, so that a result always comes of it.
 */
final class LoadRun {
    private static final Duration GOODBYE = Duration.ofSeconds(5);
    private static final long NANOS_OF_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MILLIS = 10;

    private final Scenario scenario;
    private final Progress progress;
    private final Tally tally;
    private final Load load;
    private final EventLoopGroup group;
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<LoadClient> clients = new ArrayList<>();
    private final Meter meter;
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Instant started = Instant.now();
    private volatile Phase phase = Phase.PREPARING;
    private volatile Duration planned = Duration.ZERO;
    private volatile long phaseBegan = System.nanoTime();
    private @Nullable HttpPublisher http;

    /**
     * @param log of latencies, or null
     */
    LoadRun(Scenario scenario, Progress progress, @Nullable HistogramLogWriter log) {
        Limits.check(scenario.connect());
        this.scenario = scenario;
        this.progress = progress;
        tally = new Tally(scenario.connect().connections());
        Scenario.Receiving receive = scenario.receive();
        Stamp stamp = new Stamp(receive.timeAfter(), receive.clock(), receive.unit());
        load = new Load(scenario, tally, new Ledger(scenario.connect().groups()), new Dialer(scenario), stamp);
        group = Dialer.loops(scenario.threads());
        for (int i = 0; i < scenario.threads(); i++) {
            loops.add(new LoadLoop(group.next(), new MessageReader(stamp, receive.type())));
        }
        meter = new Meter(tally, loops, log);
    }

    /** Ends the load early. From any thread. */
    void interrupt() {
        interrupted.countDown();
    }

    private boolean isInterrupted() {
        return interrupted.getCount() == 0;
    }

    /**
     * Runs the load. Once.
     *
     * @throws LoadException if it cannot begin
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what is scheduled here ends with its executor
    LoadResult run() throws InterruptedException {
        try (HttpClient httpClient = HttpClient.newHttpClient();
                ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("load-sampler").daemon().factory())) {
            try {
                List<Map<String, String>> users = prepare(httpClient);
                addClients(users);
                enter(Phase.CONNECTING, scenario.connect().timeout());
                sampler.scheduleAtFixedRate(this::show, 1, 1, TimeUnit.SECONDS);
                connect();
                Pacer pacer = pacer(httpClient, users);
                publish(pacer);
                settle();
                Balance balance = new Balance();
                onEach(client -> client.judge(balance));
                // Made before the goodbye, which is not part of the load.
                return LoadResult.of(
                        scenario,
                        started,
                        isInterrupted(),
                        tally,
                        meter,
                        scenario.receive().everyone() ? balance : null);
            } finally {
                sampler.shutdownNow();
                close();
            }
        }
    }

    private void close() throws InterruptedException {
        enter(Phase.CLOSING, GOODBYE);
        onEach(LoadClient::leave);
        if (!clients.isEmpty()) {
            tally.awaitEnd(GOODBYE);
        }
        group.shutdownGracefully(0, GOODBYE.toSeconds(), TimeUnit.SECONDS).syncUninterruptibly();
    }

    private List<Map<String, String>> prepare(HttpClient httpClient) throws InterruptedException {
        int users = scenario.prepare().users();
        return new Preparation(scenario, httpClient)
                .run(ready -> progress.preparing(ready, users), this::isInterrupted);
    }

    private void addClients(List<Map<String, String>> users) {
        List<Role> roles = roles();
        for (int i = 0; i < roles.size() && !users.isEmpty(); i++) {
            clients.add(
                    new LoadClient(load, loops.get(i % loops.size()), i, roles.get(i), users.get(i % users.size())));
        }
    }

    /** Publishers first, and so in as many groups as there can be; who is disturbed is drawn from the others. */
    private List<Role> roles() {
        int connections = scenario.connect().connections();
        int publishers =
                scenario.publish().message() == null || scenario.publish().rate() == 0
                        ? 0
                        : scenario.publish().publishers();
        Scenario.Stalling stall = scenario.stall();
        Scenario.Cutting cut = scenario.cut();
        long stalling = stall == null ? 0 : Math.round(stall.share() * connections);
        long cutting = cut == null ? 0 : Math.round(cut.share() * connections);
        List<Role> others = new ArrayList<>();
        for (int i = publishers; i < connections; i++) {
            others.add(
                    others.size() < stalling
                            ? Role.STALLS
                            : others.size() < stalling + cutting ? Role.IS_CUT : Role.STEADY);
        }
        Collections.shuffle(others, new Random(scenario.seed()));
        List<Role> roles = new ArrayList<>(Collections.nCopies(publishers, Role.PUBLISHES));
        roles.addAll(others);
        return roles;
    }

    /** One connection to see that there is a gateway, and then the others as fast as the scenario says. */
    @SuppressWarnings("FutureReturnValueIgnored") // releasing does not fail
    private void connect() throws InterruptedException {
        if (clients.isEmpty()) {
            return; // interrupted
        }
        LoadClient first = clients.getFirst();
        first.start(System.nanoTime());
        await(() -> first.first().isDone(), scenario.connect().timeout().plusSeconds(1));
        String failure = first.first().getNow("no answer");
        if (!failure.isEmpty() && !isInterrupted()) {
            throw new LoadException("cannot connect to " + scenario.url() + ": " + failure
                    + (failure.equals("connection refused")
                            ? "; does a gateway run there? './guildhall load serve' starts one to try"
                            : ""));
        }
        Semaphore free = new Semaphore(scenario.connect().atOnce());
        long begin = System.nanoTime();
        for (int i = 1; i < clients.size() && !isInterrupted(); i++) {
            long due = begin + (long) ((i - 1) / scenario.connect().perSecond() * NANOS_OF_SECOND);
            pauseUntil(due);
            boolean mayBegin = false;
            while (!mayBegin && !isInterrupted()) {
                mayBegin = free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            LoadClient client = clients.get(i);
            client.first().thenRun(free::release);
            client.start(due);
        }
        await(
                () -> tally.in(State.CONNECTING) + tally.in(State.AWAY) + tally.in(State.WAITING) == 0,
                scenario.connect().timeout());
    }

    private void publish(@Nullable Pacer pacer) throws InterruptedException {
        onEach(LoadClient::expectAll);
        if (pacer != null && !isInterrupted()) {
            pacer.start();
        }
        enter(Phase.WARMING_UP, scenario.warmUp());
        pauseUntil(phaseBegan + scenario.warmUp().toNanos());
        enter(Phase.MEASURING, scenario.duration());
        long end = phaseBegan + scenario.duration().toNanos();
        load.ledger().measure(phaseBegan, end);
        onEach(LoadClient::disturb);
        pauseUntil(end);
        if (pacer != null) {
            pacer.end();
        }
    }

    private @Nullable Pacer pacer(HttpClient httpClient, List<Map<String, String>> users) {
        Scenario.Publishing publish = scenario.publish();
        if (publish.rate() == 0) {
            return null;
        }
        Pacer.Publisher publisher;
        if (publish.http() != null) {
            http = new HttpPublisher(load, httpClient, publish.http(), users);
            publisher = http;
        } else if (publish.message() != null) {
            List<LoadClient> publishers = clients.stream()
                    .filter(client -> client.role() == Role.PUBLISHES)
                    .toList();
            publisher = new GatewayPublisher(load, publish.message(), publishers);
        } else {
            return null;
        }
        return new Pacer(publish.rate(), publish.poisson(), scenario.seed(), publisher);
    }

    private void settle() throws InterruptedException {
        enter(Phase.SETTLING, scenario.settle());
        onEach(LoadClient::calm);
        HttpPublisher present = http;
        await(() -> (present == null || present.isDone()) && isComplete(), scenario.settle());
    }

    private boolean isComplete() {
        boolean[] complete = {true};
        onEach(client -> complete[0] &= client.isComplete());
        return complete[0];
    }

    private void enter(Phase next, Duration atMost) {
        planned = atMost;
        phaseBegan = System.nanoTime();
        phase = next;
    }

    private void show() {
        Phase present = phase;
        Sample sample = meter.sample(present.label());
        Duration elapsed = Duration.ofNanos(System.nanoTime() - phaseBegan);
        progress.show(new Progress.Moment(scenario, present, elapsed, planned, sample, tally));
    }

    /** Does something with each client on its loop, one loop after the other. */
    private void onEach(Consumer<LoadClient> action) {
        for (LoadLoop loop : loops) {
            loop.loop()
                    .submit(() -> clients.stream()
                            .filter(client -> client.loop() == loop)
                            .forEach(action))
                    .syncUninterruptibly();
        }
    }

    private void pauseUntil(long nanoTime) throws InterruptedException {
        long wait = nanoTime - System.nanoTime();
        if (wait > 0) {
            boolean _ = interrupted.await(wait, TimeUnit.NANOSECONDS);
        }
    }

    private void await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            if (interrupted.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
