package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import dev.guildhall.bench.load.Tally.State;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One session and its connections, one after the other: identifies, resumes, follows the numbers of its dispatches, and stalls or is cut
 * if that is its {@link Role}. Everything runs on its event loop, but for what says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and that is noticed
final class LoadClient {
    private static final int IDENTIFY = 2;
    private static final int RESUME = 6;
    private static final int MOST_FAILURES = 5;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What becomes of a client while the load is measured. */
    enum Role {
        PUBLISHES,
        STEADY,
        STALLS,
        IS_CUT
    }

    private final Load load;
    private final Tally tally;
    private final LoadLoop loop;
    private final int index;
    private final int group;
    private final Role role;
    private final Map<String, String> variables;
    private final Random random;
    private final SessionCheck check;

    /** Empty when the client is ready for the first time, or why its first attempt failed. */
    private final CompletableFuture<String> first = new CompletableFuture<>();

    /** Where publishes can go, for any thread; null while the client is not ready. */
    private volatile @Nullable Channel open;

    private State state = State.WAITING;
    private @Nullable Link link;
    private @Nullable Future<?> patience;
    private @Nullable String session;
    private @Nullable URI resumeUrl;
    private long dueNanos;
    private int failures;
    private boolean isDisturbed;
    private boolean hasLeft;

    LoadClient(Load load, LoadLoop loop, int index, Role role, Map<String, String> variables) {
        this.load = load;
        this.tally = load.tally();
        this.loop = loop;
        this.index = index;
        this.group = index % load.scenario().connect().groups();
        this.role = role;
        this.variables = variables;
        this.check = new SessionCheck(tally, load.ledger(), group);
        this.random = new Random(load.scenario().seed() * 1_000_003L + index);
    }

    LoadLoop loop() {
        return loop;
    }

    int group() {
        return group;
    }

    Role role() {
        return role;
    }

    /** Completes with the outcome of the first attempt: an empty text, or why it failed. From any thread. */
    CompletableFuture<String> first() {
        return first;
    }

    /** Begins the connection that was due at a time. From any thread. */
    void start(long due) {
        loop.loop().execute(() -> {
            dueNanos = due;
            connect();
        });
    }

    /** From now on the session is due whatever is published. */
    void expectAll() {
        if (state == State.READY) {
            check.expectAll();
        }
    }

    /** Begins to stall or to be cut. */
    void disturb() {
        isDisturbed = true;
        Scenario scenario = load.scenario();
        if (role == Role.STALLS && scenario.stall() != null) {
            later(scenario.stall().every(), 0, this::stall);
        } else if (role == Role.IS_CUT && scenario.cut() != null) {
            later(scenario.cut().every(), 0, this::cut);
        }
    }

    /** Stalls and is cut no more, and reads on. */
    void calm() {
        isDisturbed = false;
        wake();
    }

    /** Whether nothing is outstanding. */
    boolean isComplete() {
        return state == State.ENDED || (state == State.READY && check.isComplete());
    }

    /** Adds to a balance what this session is short of. */
    void judge(Balance balance) {
        check.judge(balance, state == State.READY);
    }

    /** Says goodbye. */
    void leave() {
        hasLeft = true;
        Link present = link;
        if (present == null) {
            move(State.ENDED);
        } else {
            present.close(true);
        }
    }

    /**
     * Sends a publish. From any thread.
     *
     * @param otherwise run, on the event loop, if the connection ends before the publish has left
     * @return false if the client is not ready, or has not got rid of what it sent before
     */
    boolean publish(String message, long due, Runnable otherwise) {
        Channel channel = open;
        if (channel == null || !channel.isActive() || !channel.isWritable()) {
            return false;
        }
        long asRead = load.stamp().asRead(due);
        channel.writeAndFlush(new TextWebSocketFrame(message)).addListener(written -> {
            if (written.isSuccess()) {
                load.ledger().published(group, asRead);
                tally.count(Count.PUBLISHED);
                load.left(due);
            } else {
                otherwise.run();
            }
        });
        return true;
    }

    String name(String placeholder) {
        return switch (placeholder) {
            case Names.CONNECTION -> Integer.toString(index);
            case Names.GROUP -> Integer.toString(group);
            default -> variables.getOrDefault(placeholder, "");
        };
    }

    boolean isStalled() {
        return state == State.STALLED;
    }

    long lastNumber() {
        return check.lastNumber();
    }

    private void move(State to) {
        tally.move(state, to);
        state = to;
        Link present = link;
        open = to == State.READY && present != null ? present.channel() : null;
    }

    private void connect() {
        if (hasLeft || link != null) {
            return;
        }
        move(State.CONNECTING);
        URI url = session != null && resumeUrl != null
                ? resumeUrl
                : load.scenario().url();
        Link fresh = new Link(this, loop, random);
        link = fresh;
        Duration timeout = load.scenario().connect().timeout();
        patience = loop.loop()
                .schedule(() -> fresh.fail("no READY or RESUMED in time"), timeout.toMillis(), TimeUnit.MILLISECONDS);
        load.dialer().dial(url, loop.loop(), index, fresh).addListener(connected -> {
            if (!connected.isSuccess()) {
                lost(fresh, Link.NO_CLOSE_FRAME, Failures.reason(connected.cause()));
            }
        });
    }

    void hello(Link from) {
        if (from != link) {
            return;
        }
        if (session == null) {
            from.send(IDENTIFY, load.scenario().connect().identify().fill(this::name));
        } else {
            resume(from, session);
        }
    }

    private void resume(Link to, String id) {
        String token = load.scenario().connect().token().fill(this::name);
        to.send(
                RESUME,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("token", token)
                        .put("session_id", id)
                        .put("seq", check.lastNumber())
                        .toString());
    }

    void dispatch(Link from, MessageReader message, TextWebSocketFrame frame) {
        if (from != link) {
            return;
        }
        if (message.kind() == MessageReader.Kind.READY) {
            begin(Link.data(frame));
            check.begin(message.number());
            ready();
            return;
        }
        check.follow(message.number());
        if (message.kind() == MessageReader.Kind.RESUMED) {
            tally.count(Count.RESUMES);
            ready();
        } else if (message.time() != Stamp.NONE) {
            receive(message.time());
        }
    }

    private void receive(long time) {
        check.receive(time);
        if (load.ledger().isMeasured(time)) {
            boolean isSteady = role == Role.PUBLISHES || role == Role.STEADY;
            loop.tally().latency(Math.max(0, System.nanoTime() - time), isSteady);
        }
    }

    private void begin(JsonNode ready) {
        tally.count(Count.SESSIONS);
        session = ready.path("session_id").asString("");
        URI given = load.scenario().url();
        String resume = ready.path("resume_gateway_url").asString("");
        if (!resume.isEmpty()) {
            // The query says how to speak, and is the client's.
            String query = given.getRawQuery();
            resumeUrl = URI.create(query == null ? resume : resume + "?" + query);
        }
    }

    private void ready() {
        Future<?> present = patience;
        if (present != null) {
            present.cancel(false);
        }
        failures = 0;
        move(State.READY);
        if (!first.isDone()) {
            tally.connects().recordValue(Math.max(0, System.nanoTime() - dueNanos));
            first.complete("");
        }
    }

    void invalidSession(Link from, boolean mayTryAgain) {
        if (from != link) {
            return;
        }
        if (!mayTryAgain && session != null) {
            tally.count(Count.RESUMES_REFUSED);
            forget();
        }
        later(Duration.ofSeconds(2), SECOND, () -> hello(from));
    }

    void reconnect(Link from) {
        if (from == link) {
            tally.count(Count.RECONNECTS_ASKED);
            link = null;
            from.close(false);
            comeBack(Duration.ofMillis(500));
        }
    }

    private void forget() {
        if (session != null) {
            tally.count(Count.SESSIONS_LOST);
        }
        session = null;
        resumeUrl = null;
        check.begin(0);
    }

    void lost(Link from, int code, String reason) {
        if (from != link) {
            return; // given up before
        }
        link = null;
        Future<?> present = patience;
        if (present != null) {
            present.cancel(false);
        }
        if (hasLeft) {
            move(State.ENDED);
            return;
        }
        boolean wasReady = state == State.READY || state == State.STALLED;
        tally.count(Count.LINKS_LOST);
        if (wasReady || code != Link.NO_CLOSE_FRAME) {
            tally.closed(code);
        }
        String why = code == Link.NO_CLOSE_FRAME
                ? (reason.isEmpty() ? "the connection ended" : reason)
                : "closed with " + code + (reason.isEmpty() ? "" : " " + reason);
        if (!wasReady) {
            failures++;
            tally.error("connect: " + why);
            first.complete(why);
        }
        afterLoss(code);
    }

    private void afterLoss(int code) {
        if (CloseCode.endsSession(code)) {
            forget();
        }
        if (CloseCode.isFinal(code) || failures >= MOST_FAILURES) {
            tally.count(Count.GIVEN_UP);
            move(State.ENDED);
        } else {
            comeBack(Duration.ofSeconds(1 + failures));
        }
    }

    private void comeBack(Duration away) {
        move(State.AWAY);
        later(away, 0, this::connect);
    }

    private void stall() {
        Scenario.Stalling stalling = load.scenario().stall();
        if (!isDisturbed || stalling == null) {
            return;
        }
        Link present = link;
        if (state == State.READY && present != null && present.channel() != null) {
            tally.count(Count.STALLS);
            present.channel().config().setAutoRead(false);
            move(State.STALLED);
            loop.loop().schedule(this::wake, stalling.lasting().toNanos(), TimeUnit.NANOSECONDS);
        }
        later(stalling.every(), stalling.lasting().toNanos(), this::stall);
    }

    private void wake() {
        Link present = link;
        if (state == State.STALLED && present != null && present.channel() != null) {
            move(State.READY);
            present.channel().config().setAutoRead(true);
        }
    }

    private void cut() {
        Scenario.Cutting cutting = load.scenario().cut();
        if (!isDisturbed || cutting == null) {
            return;
        }
        Link present = link;
        if (state == State.READY && present != null && present.channel() != null) {
            tally.count(Count.CUTS);
            if (random.nextBoolean()) {
                present.channel().config().setOption(ChannelOption.SO_LINGER, 0); // a reset in place of a FIN
            }
            link = null;
            present.cut();
            comeBack(cutting.away());
        }
        later(cutting.every(), 0, this::cut);
    }

    /** After half to one and a half of a time, and what is added. */
    private void later(Duration time, long plusNanos, Runnable task) {
        long nanos = (long) (time.toNanos() * (0.5 + random.nextDouble())) + plusNanos;
        loop.loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }
}
