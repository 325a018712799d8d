package dev.guildhall.internal;

import dev.guildhall.CountedReceipt;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildListener;
import dev.guildhall.GuildOptions;
import dev.guildhall.GuildStopReason;
import dev.guildhall.Mailbox;
import dev.guildhall.Outcome;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishOptions;
import dev.guildhall.PublishRequest;
import dev.guildhall.Receipt;
import dev.guildhall.RefusedException;
import dev.guildhall.TurnCount;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns of a guild that has a handler: a mailbox, the handler's life, and its supervision.
 *
 * <pre>
 *              first message           failure, not too often         too often
 *   STARTING ───────────────▶ RUNNING ───────────────▶ RESTARTING ───────────▶ DOWN
 *      ▲                       │  ▲                        │ time is over       │ revived
 *      │ predecessor stopped   │  └────────────────────────┴────────────────────┘
 *   WAITING                    └──▶ STOPPED (idle, or the engine is closed; from everywhere)
 * </pre>
 *
 * <p><b>Threads.</b> Everything but offering happens in the mailbox's turns, one after the other. {@code state} and {@code draining} are
 * read by those who offer, so that what cannot be handled soon is refused at once. They may read an old value: what was
 * offered nevertheless is kept, in {@code held}, until the handler runs again, or is refused in the turn. So each message is
 * handled or refused, once. {@code waiting} counts the messages in mailbox and {@code held} together; it has the bound. The mailbox is a
 * little larger, so that a {@link Signal}, each of which is there at most once, always finds room.
 *
 * <p><b>Passivation.</b> A guild may end when nothing waits and nobody is a member. That the members are none is taken as the moment of
 * its end by one CAS ({@link LocalGuild#tryRetireMembers}): whoever subscribes after it goes to the guild's successor. The successor
 * does not start before this handler's {@code onStop} has returned. Whoever publishes with an old view of the guild is passed on
 * to it, in the order of the offers; only an offer that began before the end and was completed after it may be overtaken by
 * what the same publisher then publishes through a new look-up.
 *
 * <p><b>Proofs.</b> Those of {@link dev.guildhall.Mailbox} and {@link GuildRegistry}; {@code GuildEndRaceTest} runs the passivation on real
 * threads. Not linearizable: {@code state} for those who offer, and the counters.
 */
final class GuildTurns {
    private static final Logger LOG = LoggerFactory.getLogger(GuildTurns.class);
    private static final ThreadLocal<@Nullable GuildTurns> CURRENT = new ThreadLocal<>();

    /** Each signal is in the mailbox at most once. */
    private enum Signal {
        PREDECESSOR_STOPPED,
        RESTART,
        REVIVE,
        TICK,
        RETIRE,
        DRAIN
    }

    private enum State {
        WAITING,
        STARTING,
        RUNNING,
        RESTARTING,
        DOWN,
        STOPPED
    }

    private final LocalGuild guild;
    private final LocalEngine engine;
    private final GuildOptions options;
    private final EngineClock clock;
    private final Mailbox<Object> mailbox;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicBoolean retiring = new AtomicBoolean();
    private final AtomicBoolean reviving = new AtomicBoolean();
    private final Waiters waiters = new Waiters();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final TurnCounts counts;

    private volatile State state;
    private volatile boolean draining;
    private final AtomicLong handled = new AtomicLong();

    // In turns only.
    private final ArrayDeque<GuildMessage> held = new ArrayDeque<>();
    private final Restarts restarts;
    private final IdempotencyKeys keys;
    private final GuildContext context;
    private @Nullable GuildHandler handler;

    /** What the handler publishes while it starts. */
    private @Nullable List<LogEvent> early;

    private boolean tickIsDue;
    private boolean wasAvailable;

    /**
     * @param first the handler of the first start
     * @param predecessor the turns of the guild of this id that has ended just now, or null
     */
    GuildTurns(LocalGuild guild, LocalEngine engine, GuildHandler first, @Nullable GuildTurns predecessor) {
        this.guild = guild;
        this.engine = engine;
        this.options = engine.config().guildOptions();
        this.clock = engine.config().clock();
        this.handler = first;
        this.counts = new TurnCounts(guild.id(), clock);
        this.restarts = new Restarts(clock, options);
        this.keys = new IdempotencyKeys(clock);
        this.context = new HandlerContext(guild, engine, this);
        this.mailbox = Mailbox.create(
                options.mailboxCapacity() + Signal.values().length,
                task -> engine.guildPool().execute(task),
                this::turn);
        if (predecessor == null) {
            state = State.STARTING;
        } else {
            state = State.WAITING;
            var _ = predecessor.stopped.thenRun(() -> signal(Signal.PREDECESSOR_STOPPED));
        }
    }

    /** The turns that the calling thread is in, or null. */
    static @Nullable GuildTurns current() {
        return CURRENT.get();
    }

    boolean isOf(LocalEngine other) {
        return engine == other;
    }

    // --- offering, any thread

    /** Accepts a message, which then is handled or refused, or says why not. */
    Outcome offer(GuildMessage message) {
        State present = state;
        if (present == State.STOPPED) {
            return passOn(message);
        }
        if (draining) {
            return Outcome.CLOSED;
        }
        if (present == State.RESTARTING || present == State.DOWN) {
            return Outcome.UNAVAILABLE;
        }
        if (waiting.incrementAndGet() > options.mailboxCapacity()) {
            waiting.decrementAndGet();
            return Outcome.BACK_PRESSURED;
        }
        Outcome outcome = mailbox.offer(message);
        if (!outcome.isAccepted()) {
            done();
        }
        return outcome;
    }

    /** The same, but waits for room. */
    Outcome offerAndWait(GuildMessage message) {
        boolean interrupted = false;
        Outcome outcome = offer(message);
        while (outcome == Outcome.BACK_PRESSURED) {
            interrupted |= Thread.interrupted();
            waiters.await(() -> waiting.get() >= options.mailboxCapacity() && state != State.STOPPED);
            outcome = offer(message);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcome;
    }

    /** The same for a command, of which fewer may wait. The reply's end makes room for another. */
    Outcome offer(GuildMessage.Ask ask, CompletableFuture<?> reply) {
        if (commands.incrementAndGet() > options.maxWaitingCommands()) {
            commands.decrementAndGet();
            return Outcome.BACK_PRESSURED;
        }
        var _ = reply.whenComplete((value, failure) -> commands.decrementAndGet());
        return offer(ask);
    }

    private Outcome passOn(GuildMessage message) {
        LocalGuild successor = guild.current();
        return successor == null
                ? guild.whyNone()
                : Objects.requireNonNull(successor.turns, "a guild with a handler has become a plain one")
                        .offer(message);
    }

    private void signal(Signal signal) {
        mailbox.offer(signal);
    }

    // --- for the engine, any thread

    boolean isAvailable() {
        State present = state;
        return present != State.RESTARTING && present != State.DOWN && present != State.STOPPED;
    }

    boolean isDown() {
        return state == State.DOWN;
    }

    int backlog() {
        return waiting.get();
    }

    /** Messages handled so far: the guild is idle while this stands still. */
    long handled() {
        return handled.get();
    }

    List<TurnCount> counts() {
        return counts.snapshot();
    }

    /** Starts a guild that is down; false if it is not. */
    boolean revive() {
        if (state != State.DOWN || !reviving.compareAndSet(false, true)) {
            return false;
        }
        signal(Signal.REVIVE);
        return true;
    }

    /** Asks the guild to end if it is idle. */
    void retire() {
        if (waiting.get() == 0 && isAvailable() && retiring.compareAndSet(false, true)) {
            signal(Signal.RETIRE);
        }
    }

    /** Takes no more; completes when everything that was taken is handled and the handler has stopped. */
    CompletableFuture<Void> drain() {
        if (!draining) {
            draining = true;
            signal(Signal.DRAIN);
        }
        return stopped;
    }

    // --- turns

    private void turn(Object item) {
        CURRENT.set(this);
        try {
            if (item instanceof Signal signal) {
                take(signal);
            } else {
                take((GuildMessage) item);
            }
        } finally {
            CURRENT.remove();
        }
    }

    private void take(GuildMessage message) {
        if (state == State.STARTING) {
            start();
        }
        switch (state) {
            case RUNNING -> run(message);
            case DOWN -> refuse(message, Outcome.UNAVAILABLE);
            case STOPPED -> {
                Outcome outcome = passOn(message);
                done();
                if (!outcome.isAccepted()) {
                    message.refuse(outcome, null);
                }
            }
            default -> held.add(message);
        }
    }

    private void take(Signal signal) {
        switch (signal) {
            case PREDECESSOR_STOPPED -> {
                if (state == State.WAITING) {
                    state = State.STARTING;
                    if (!held.isEmpty()) {
                        start();
                    }
                }
            }
            case RESTART -> {
                if (state == State.RESTARTING) {
                    startAgain();
                }
            }
            case REVIVE -> {
                reviving.set(false);
                if (state == State.DOWN) {
                    restarts.forgive();
                    engine.counters().revived();
                    startAgain();
                }
            }
            case TICK -> {
                tickIsDue = false;
                if (state == State.RUNNING) {
                    call("onTick", present -> present.onTick(context));
                    expectTick();
                }
            }
            case RETIRE -> {
                boolean canEnd = state == State.RUNNING || state == State.STARTING;
                if (canEnd && waiting.get() == 0 && guild.tryRetireMembers()) {
                    guild.close();
                    stop(GuildStopReason.PASSIVATED);
                    engine.guilds().remove(guild);
                }
                retiring.set(false);
            }
            case DRAIN -> stop(GuildStopReason.ENGINE_CLOSED);
        }
    }

    private void run(GuildMessage message) {
        GuildHandler present = Objects.requireNonNull(handler, "a running guild without a handler");
        try (TurnCounts.Turn _ = counts.begin(message.kind())) {
            message.handle(this, present);
        } catch (RefusedException e) {
            message.refuse(Outcome.REFUSED, e);
        } catch (Throwable e) { // application code
            failed(e); // first, so that whoever is told UNAVAILABLE finds the guild so
            message.refuse(Outcome.UNAVAILABLE, e);
        }
        handled.lazySet(handled.getPlain() + 1);
        done();
    }

    private void refuse(GuildMessage message, Outcome why) {
        message.refuse(why, null);
        done();
    }

    private void done() {
        waiting.decrementAndGet();
        if (!waiters.isEmpty()) {
            waiters.wakeAll();
        }
    }

    private interface Call {
        void on(GuildHandler handler) throws Exception;
    }

    /** Calls the handler; what it throws is its failure. Answers whether it threw nothing. */
    private boolean call(String kind, Call call) {
        try (TurnCounts.Turn _ = counts.begin(kind)) {
            call.on(Objects.requireNonNull(handler, "no handler"));
            return true;
        } catch (Throwable e) { // application code
            failed(e);
            return false;
        }
    }

    // --- beginning and failing, in turns

    private void startAgain() {
        guild.beginEpoch();
        try {
            handler = Objects.requireNonNull(
                    Objects.requireNonNull(engine.config().guildHandlers()).create(guild.id()),
                    "the factory has no handler any more for a guild that had one");
        } catch (Throwable e) { // application code
            failed(e);
            return;
        }
        start();
    }

    private void start() {
        List<LogEvent> published = new ArrayList<>();
        early = published;
        boolean started = call("onStart", present -> present.onStart(context));
        early = null;
        if (!started) {
            return;
        }
        state = State.RUNNING;
        if (wasAvailable) {
            append(notice(Event.GUILD_AVAILABLE));
            tell(listener -> listener.onAvailable(guild));
        }
        wasAvailable = true;
        published.forEach(this::append);
        expectTick();
        while (state == State.RUNNING && !held.isEmpty()) {
            run(held.remove());
        }
    }

    /** The handler has failed: it is started again, or the guild stays down. */
    private void failed(Throwable failure) {
        boolean wasRunning = state == State.RUNNING;
        handler = null;
        Duration delay = restarts.failed();
        state = delay == null ? State.DOWN : State.RESTARTING;
        if (wasRunning) {
            append(notice(Event.GUILD_UNAVAILABLE));
        }
        engine.counters().failed(guild, failure, delay);
        FlightLog.guildRestart(guild.incarnation(), failure, restarts.recent(), delay == null ? -1 : delay.toMillis());
        if (delay == null) {
            while (!held.isEmpty()) {
                refuse(held.remove(), Outcome.UNAVAILABLE);
            }
            tell(listener -> listener.onDown(guild, failure));
        } else {
            engine.alarms().schedule(delay, () -> signal(Signal.RESTART));
            tell(listener -> listener.onFailed(guild, failure, delay));
        }
    }

    private void tell(Consumer<GuildListener> call) {
        GuildListener listener = engine.config().guildListener();
        if (listener != null) {
            try {
                call.accept(listener);
            } catch (Throwable e) { // application code
                LOG.warn("The guild listener failed on {}", guild, e);
            }
        }
    }

    private void stop(GuildStopReason reason) {
        if (state == State.STOPPED) {
            return;
        }
        if (state == State.RUNNING) {
            try (TurnCounts.Turn _ = counts.begin("onStop")) {
                Objects.requireNonNull(handler).onStop(context, reason);
            } catch (Throwable e) { // application code
                LOG.warn("{} failed while stopping", guild, e);
            }
        } else if (state == State.DOWN) {
            engine.counters().revived();
        }
        state = State.STOPPED;
        handler = null;
        while (!held.isEmpty()) {
            refuse(held.remove(), Outcome.CLOSED);
        }
        guild.close();
        waiters.wakeAll();
        stopped.complete(null);
    }

    private void expectTick() {
        Duration interval = options.tickInterval();
        if (interval != null && state == State.RUNNING && !tickIsDue) {
            tickIsDue = true;
            engine.alarms().schedule(interval, () -> signal(Signal.TICK));
        }
    }

    // --- for messages and the handler's context, in turns

    GuildContext context() {
        return context;
    }

    IdempotencyKeys keys() {
        return keys;
    }

    /** Appends an event, or keeps it until the handler has started. */
    Receipt append(LogEvent event) {
        if (early != null) {
            early.add(event);
            return new Receipt(Outcome.ENQUEUED, guild.epoch(), -1);
        }
        return guild.appendAndWait(event);
    }

    CountedReceipt appendCounted(LogEvent event) {
        return guild.appendCounted(event);
    }

    /** What the handler lets be published, or null. */
    @Nullable
    LogEvent decide(GuildHandler decider, LogEvent event, PublishOptions publishOptions) throws Exception {
        PublishDecision decision = Objects.requireNonNull(
                decider.onPublish(context, new PublishRequest(event, publishOptions.user())),
                "onPublish answered null");
        if (!decision.isAccepted()) {
            return null;
        }
        Event changed = decision.event();
        return changed == null ? event : (LogEvent) changed;
    }

    /** Lets an admitted subscription begin. */
    Outcome begin(LocalSubscription subscription) {
        return guild.begin(subscription);
    }

    List<LogEvent> asSent(List<Event> events) {
        return events.stream()
                .map(event -> ((LogEvent) event).stampedForSession(clock))
                .toList();
    }

    private LogEvent notice(String type) {
        return LogEvent.create(type, guild.incarnation().json());
    }

    @Override
    public String toString() {
        return "GuildTurns[" + guild.id() + ", " + state + ", " + waiting + " waiting]";
    }
}
