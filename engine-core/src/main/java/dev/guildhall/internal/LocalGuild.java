package dev.guildhall.internal;

import dev.guildhall.AskException;
import dev.guildhall.Command;
import dev.guildhall.CountedReceipt;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.Explanation;
import dev.guildhall.Guild;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildOptions;
import dev.guildhall.GuildStats;
import dev.guildhall.History;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.PublishOptions;
import dev.guildhall.Receipt;
import dev.guildhall.Session;
import dev.guildhall.TurnCount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A guild: who may publish, ask and subscribe, and its life. Publishers append to the log of a plain one on their own threads; a guild
 * with a handler has {@link GuildTurns} for that.
 *
 * <p><b>Life.</b> A guild that nobody uses ends ({@link GuildRegistry}): its log is closed, by the same word that publishers claim
 * from, provided that nothing was claimed since it was seen idle. A subscription counts as a member before it claims its entry. So
 * whoever comes at the same time either claims first, and the guild goes on; or finds the log closed, and goes on with the guild
 * that the registry starts in its place. A closed guild therefore works as a name for its successor.
 */
public final class LocalGuild extends GuildOrder implements Guild {
    /** Value of {@code members} when a guild with a handler has ended. */
    private static final int RETIRED = Integer.MIN_VALUE;

    /** Null for a plain guild. */
    final @Nullable GuildTurns turns;

    private final long firstEpoch;
    private final @Nullable TokenBucket rate;

    /** Subscriptions in the lists of sessions, or RETIRED. */
    private final AtomicInteger members = new AtomicInteger();

    private final PublishRate measured;

    // Registry's sweep only: what was seen the last time, and since when it was so.
    private long seenActivity;
    private long idleSince;

    /**
     * @param handler null for a plain guild
     * @param predecessor the turns of the guild of this id that has ended just now, or null
     */
    LocalGuild(
            LocalEngine engine,
            String id,
            GuildLog log,
            @Nullable GuildHandler handler,
            @Nullable GuildTurns predecessor) {
        super(engine, id, log);
        EngineClock clock = engine.config().clock();
        GuildOptions options = engine.config().guildOptions();
        this.firstEpoch = epoch();
        this.idleSince = clock.nanoTime();
        this.rate = options.publishesPerSecond() == 0
                ? null
                : new TokenBucket(clock, options.publishesPerSecond(), options.publishBurst());
        this.turns = handler == null ? null : new GuildTurns(this, engine, handler, predecessor);
        this.measured = new PublishRate(idleSince);
    }

    @Override
    public int subscriptionCount() {
        return Math.max(0, members.get());
    }

    /** A session lists a subscription; false if the guild has ended, and then it must not. */
    boolean tryJoin() {
        int present = members.get();
        while (present >= 0) {
            if (members.compareAndSet(present, present + 1)) {
                return true;
            }
            present = members.get();
        }
        return false;
    }

    @Override
    public CompletionStage<Explanation> explain(Session session, long offset) {
        LocalSession asked = engine.requireOwn(session);
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is 0 or more, was " + offset);
        }
        LocalGuild present = hasEnded() ? engine.guilds().find(id()) : this;
        EventFate fate = new EventFate(present == null ? this : present, offset);
        return SessionQuestion.ask(asked, fate::of, fate::withoutLane, () -> Explanation.OVERLOADED);
    }

    /** Any thread. */
    GuildStats stats(long nowNanos) {
        long count = published();
        return new GuildStats(
                id(), epoch(), subscriptionCount(), count, measured.perSecond(count, nowNanos), log.backlog());
    }

    /** A session no longer lists a subscription. */
    void left(LocalSubscription subscription) {
        members.decrementAndGet();
        GuildPresence told = presence();
        if (told != null && subscription.unannounce()) {
            told.left(subscription.session.user());
        }
    }

    // --- publishing

    @Override
    public Outcome tryPublish(Event event, PublishOptions options) {
        LogEvent offered = (LogEvent) event;
        Outcome outcome = Outcome.CLOSED;
        LocalGuild present = current();
        while (present != null) {
            outcome = present.offer(offered, options);
            if (outcome != Outcome.CLOSED) {
                return outcome;
            }
            present = next();
        }
        return whyNone();
    }

    private Outcome offer(LogEvent event, PublishOptions options) {
        if (rate != null && !rate.tryTake()) {
            return Outcome.RATE_LIMITED;
        }
        if (turns != null) {
            return turns.offer(new GuildMessage.Publish(event, options, null));
        }
        requireNoKey(options);
        LogEvent stamped = stamped(event);
        return stamped == null ? noChannel() : outcomeOf(append(stamped));
    }

    @Override
    public Receipt publish(Event event, PublishOptions options) {
        LogEvent offered = (LogEvent) event;
        requireMayWait();
        LocalGuild present = current();
        while (present != null) {
            Receipt receipt = present.publishHere(offered, options);
            if (receipt.outcome() != Outcome.CLOSED) {
                return receipt;
            }
            present = next();
        }
        return new Receipt(whyNone(), 0, -1);
    }

    private void requireMayWait() {
        if (engine.currentLane() != null) {
            throw new IllegalStateException("publish would wait on the lane that has to make room; use tryPublish");
        }
        if (turns != null && GuildTurns.current() != null) {
            throw new IllegalStateException(
                    "publish would wait in a guild's turn for the turn of " + id()
                            + ", which may be the same or wait for this one; use tryPublish, or the context's publish for the own guild");
        }
    }

    private Receipt publishHere(LogEvent event, PublishOptions options) {
        if (rate != null && !rate.tryTake()) {
            return new Receipt(Outcome.RATE_LIMITED, 0, -1);
        }
        if (turns == null) {
            requireNoKey(options);
            return appendAndWait(event);
        }
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        Outcome outcome = turns.offerAndWait(new GuildMessage.Publish(event, options, receipt));
        return outcome.isAccepted() ? receipt.join() : new Receipt(outcome, 0, -1);
    }

    private void requireNoKey(PublishOptions options) {
        if (options.idempotencyKey() != null) {
            throw new IllegalStateException(
                    "idempotency keys are for guilds with a handler, and " + id() + " is a plain one");
        }
    }

    @Override
    public CountedReceipt publishCounted(Event event) {
        LogEvent offered = (LogEvent) event;
        requireMayWait();
        LocalGuild present = current();
        while (present != null) {
            CountedReceipt counted = present.publishCountedHere(offered);
            if (counted.receipt().outcome() != Outcome.CLOSED) {
                return counted;
            }
            present = next();
        }
        return uncounted(new Receipt(whyNone(), 0, -1));
    }

    private CountedReceipt publishCountedHere(LogEvent event) {
        if (rate != null && !rate.tryTake()) {
            return uncounted(new Receipt(Outcome.RATE_LIMITED, 0, -1));
        }
        if (turns == null) {
            return appendCounted(event);
        }
        CompletableFuture<CountedReceipt> receipt = new CompletableFuture<>();
        Outcome outcome = turns.offerAndWait(new GuildMessage.PublishCounted(event, receipt));
        return outcome.isAccepted() ? receipt.join() : uncounted(new Receipt(outcome, 0, -1));
    }

    // --- appending: any thread for a plain guild, in its turns for one with a handler

    /**
     * Appends what the engine itself says, past the handler if there is one, but in its turn. Never blocks.
     *
     * @param refused called if the guild has accepted it, and then cannot tell it
     */
    Outcome announce(LogEvent event, Runnable refused) {
        return turns == null
                ? outcomeOf(append(Objects.requireNonNull(stamped(event))))
                : turns.offer(new GuildMessage.Announce(event, refused));
    }

    // --- asking

    @Override
    public <R> CompletionStage<R> ask(Command<R> command) {
        return askForReply(command).minimalCompletionStage();
    }

    @Override
    public <R> R ask(Command<R> command, Duration limit) throws TimeoutException, InterruptedException {
        if (engine.currentLane() != null) {
            throw new IllegalStateException("ask would wait on a lane; use the one that answers a stage");
        }
        if (turns != null && GuildTurns.current() == turns) {
            throw new IllegalStateException(id() + " would wait in its own turn for its own reply");
        }
        CompletableFuture<R> reply = askForReply(command);
        try {
            return reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reply.cancel(false); // it is not handled any more if its turn has not come
            throw new TimeoutException(id() + " has not replied to " + command + " within " + limit);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof RuntimeException failure
                    ? failure
                    : new AskException(Outcome.UNAVAILABLE, "no reply to " + command, cause);
        }
    }

    @SuppressWarnings("unchecked") // a command says what the handler returns for it
    private <R> CompletableFuture<R> askForReply(Command<R> command) {
        Objects.requireNonNull(command, "command");
        CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
        GuildMessage.Ask ask = new GuildMessage.Ask(command, reply);
        LocalGuild present = current();
        Outcome outcome = Outcome.CLOSED;
        while (present != null && outcome == Outcome.CLOSED) {
            if (present.turns == null) {
                throw new IllegalStateException(id() + " is a plain guild and has no handler that could reply");
            }
            outcome = present.turns.offer(ask, reply);
            present = outcome == Outcome.CLOSED ? next() : present;
        }
        if (!outcome.isAccepted()) {
            ask.refuse(present == null ? whyNone() : outcome, null);
        }
        return (CompletableFuture<R>) reply;
    }

    @Override
    public boolean isAvailable() {
        LocalGuild present = current();
        return present != null && (present.turns == null || present.turns.isAvailable());
    }

    @Override
    public int backlog() {
        return turns == null ? 0 : turns.backlog();
    }

    @Override
    public List<TurnCount> turnCounts() {
        return turns == null ? List.of() : turns.counts();
    }

    // --- history

    @Override
    public History history(long epoch, long fromOffset, int maxEvents) {
        if (fromOffset < 0 || maxEvents < 1) {
            throw new IllegalArgumentException(
                    "fromOffset must be at least 0 and maxEvents at least 1, were " + fromOffset + " and " + maxEvents);
        }
        Incarnation present = incarnation();
        if (epoch < firstEpoch || epoch > present.epoch()) {
            return new History.UnknownEpoch(present.epoch());
        }
        return log.history(present.epoch(), fromOffset, maxEvents);
    }

    // --- subscribing

    /** Lets a subscription begin that is listed by its session, now or when the handler has agreed. */
    Outcome subscribe(LocalSubscription subscription) {
        return turns == null ? begin(subscription) : turns.offer(new GuildMessage.Subscribe(subscription));
    }

    // --- who gets what

    @Override
    public Outcome setInterests(String user, Interests interests) {
        Objects.requireNonNull(user, "user");
        InterestSet decided = (InterestSet) Objects.requireNonNull(interests, "interests");
        return decide(present -> present.append(Control.Change.ofAll(user, decided), null));
    }

    @Override
    public Outcome kick(String user) {
        Objects.requireNonNull(user, "user");
        return decide(present -> present.append(new Control.Kick(user)));
    }

    private Outcome decide(ToLongFunction<LocalGuild> append) {
        Outcome outcome = Outcome.CLOSED;
        LocalGuild present = current();
        while (present != null && outcome == Outcome.CLOSED) {
            present.requireRightToDecide();
            outcome = outcomeOf(append.applyAsLong(present));
            present = outcome == Outcome.CLOSED ? next() : present;
        }
        return outcome == Outcome.CLOSED ? whyNone() : outcome;
    }

    /** Interests in a guild with a handler are the handler's to decide. */
    void requireRightToDecide() {
        if (turns != null && GuildTurns.current() != turns) {
            throw new IllegalStateException(
                    "who gets what in " + id() + " is decided by its handler, in its turns; ask it");
        }
    }

    // --- beginning and end

    /** This guild, or if it has ended, the one in its place; null if there is none. */
    @Nullable
    LocalGuild current() {
        if (!hasEnded()) {
            return this;
        }
        return engine.isDraining() ? null : engine.guilds().findOrStart(id());
    }

    /** The guild to try after one that has answered CLOSED; null if there is none. */
    @Nullable
    LocalGuild next() {
        return engine.isDraining() ? null : current();
    }

    /** Why {@link #current} has answered null. */
    Outcome whyNone() {
        return engine.isDraining() ? Outcome.CLOSED : Outcome.REFUSED;
    }

    /**
     * Ends a plain guild if nobody has used it for a time, or asks one with a handler to end itself. Answers whether it has ended. Called
     * by the registry's sweep.
     */
    boolean tryRetire(long nowNanos, long idleNanos) {
        long end = log.end();
        long activity = turns == null ? end : end + turns.handled();
        if (members.get() != 0 || activity != seenActivity) {
            seenActivity = activity;
            idleSince = nowNanos;
            return false;
        }
        if (nowNanos - idleSince < idleNanos) {
            return false;
        }
        if (turns == null) {
            return log.tryClose(end);
        }
        turns.retire();
        return false;
    }

    /** Takes the moment at which a guild with a handler ends, if it has no subscriptions. */
    boolean tryRetireMembers() {
        return members.compareAndSet(0, RETIRED);
    }

    @Override
    boolean hasEnded() {
        return log.isClosed() || members.get() < 0;
    }

    /** Takes no more; completes when a handler has stopped. Whoever drains closes the guild then. */
    CompletableFuture<Void> drain() {
        return turns == null ? CompletableFuture.completedFuture(null) : turns.drain();
    }

    /** Ends the log; what is in it is still delivered. */
    void close() {
        log.close();
        markLanes();
    }

    @Override
    public String toString() {
        return "Guild[" + incarnation() + ", next=" + nextOffset() + ", " + subscriptionCount() + " subscriptions]";
    }
}
