package dev.guildhall.testkit.simulation;

import dev.guildhall.AttachReason;
import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Interests;
import dev.guildhall.Lane;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session, the client at its other end, and what the client has received. */
final class Client {
    final World world;
    final int number;
    final String user;
    final Session session;
    final SessionOptions options;
    final List<Event> received = new ArrayList<>();
    final List<Stay> stays = new ArrayList<>();

    /** How many direct sends were accepted; their payloads are their numbers. */
    int sends;

    private final Random random;
    private final String secret;
    private Link link;
    /** Resumes that were not answered yet, all from the same number. */
    private int resuming;

    private int resumingFrom;

    /** The highest number that was acknowledged, or resumed from. */
    private int acknowledged;

    /** Whether the client was refused for good. */
    private boolean gaveUp;

    private boolean askedToClose;

    Client(World world, int number, String user, Lane lane) {
        this.world = world;
        this.number = number;
        this.user = user;
        random = world.random;
        options = world.conditions.session(random);
        link = new Link(this, 0, false);
        Attachment attachment = world.transport.open(user, options, lane, link);
        link.attachment = attachment;
        session = attachment.session();
        secret = attachment.secret();
    }

    boolean dropsOldest() {
        return options.overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP;
    }

    // --- guilds

    private @Nullable Stay presentIn(Topic topic) {
        for (Stay stay : stays.reversed()) {
            if (stay.topic == topic) {
                return stay.left || stay.isKicked() ? null : stay;
            }
        }
        return null;
    }

    void subscribeOrLeave(Topic topic) {
        Stay present = presentIn(topic);
        if (present != null && random.nextInt(4) == 0) {
            present.left = true;
            present.subscription.unsubscribe();
            world.trace.count("unsubscribed");
        } else if (present == null && session.isOpen()) {
            subscribe(topic);
        }
    }

    void subscribe(Topic topic) {
        world.makeRoom(topic);
        stays.stream().filter(stay -> stay.topic == topic).forEach(stay -> stay.isReplaced |= stay.isKicked());
        long mask = world.someMask();
        Subscription added = session.subscribe(topic.use(), Interests.ofMask(mask));
        world.trace.note("subscribe " + topic.id, number, added.outcome());
        world.trace.count("subscribe " + added.outcome());
        topic.observe();
        if (added.outcome().isAccepted()) {
            Stay stay = new Stay(topic, added, user, mask);
            stays.add(stay);
            var _ = added.settled().thenAccept(subscription -> settled(stay, subscription.outcome()));
        }
    }

    private void settled(Stay stay, Outcome outcome) {
        world.trace.note("settled", number, outcome);
        world.trace.count("settled " + outcome);
        if (outcome == Outcome.ORDERED) {
            world.noting(stay::begin);
        } else {
            stays.remove(stay);
        }
    }

    /** A handler lets the session in, with interests of its own. */
    void admitted(Topic topic, long mask) {
        for (Stay stay : stays.reversed()) {
            if (stay.topic == topic && !stay.hasBegun()) {
                stay.admitted(mask);
                return;
            }
        }
    }

    void changeInterests(Topic topic) {
        Stay present = presentIn(topic);
        if (present != null && present.hasBegun() && !topic.hasHandler) {
            world.makeRoom(topic);
            long mask = world.someMask();
            if (present.subscription.setInterests(Interests.ofMask(mask)) == Outcome.ORDERED) {
                present.changed(topic.guild().nextOffset() - 1, mask);
                world.trace.count("interests changed");
            }
        }
    }

    void changeMode(Topic topic) {
        Stay present = presentIn(topic);
        if (present != null && present.hasBegun()) {
            world.makeRoom(topic);
            boolean passive = random.nextBoolean();
            Subscription.ModeChange change =
                    present.subscription.setMode(passive ? Subscription.Mode.PASSIVE : Subscription.Mode.ACTIVE);
            if (change.outcome() == Outcome.ORDERED) {
                present.changedMode(change.offset() - 1, passive);
                world.trace.count("mode changed");
            }
        }
    }

    // --- the connection

    void send(int count) {
        for (int i = 0; i < count; i++) {
            if (session.send(Event.of("D", Integer.toString(sends))).isAccepted()) {
                sends++;
            }
        }
    }

    void read(int count) {
        for (int i = 0; i < count && !link.wire.isEmpty(); i++) {
            received.add(link.wire.removeFirst());
        }
        link.tellWritable();
    }

    void acknowledge() {
        Attachment attachment = link.attachment;
        if (attachment != null) {
            acknowledged = received.size();
            attachment.acknowledged(acknowledged);
        }
    }

    void stallOrUnstall() {
        link.stalled = !link.stalled;
        link.tellWritable();
    }

    void cut() {
        link.cut(random.nextBoolean() ? CloseReason.CONNECTION_LOST : TIMED_OUT);
    }

    private static final CloseReason TIMED_OUT = new CloseReason(CloseReason.Kind.TIMED_OUT, "silent");

    void breakSoon() {
        link.breakSoon(random);
    }

    void endOnPurpose() {
        askedToClose = true;
        if (random.nextBoolean() || resuming > 0) {
            session.close(CloseReason.REQUESTED);
        } else {
            link.sayGoodbye();
        }
    }

    void comeBack() {
        if (resuming > 0 && random.nextInt(3) == 0) {
            world.trace.count("resumed while resuming");
            resume(resumingFrom); // from where the client was when it began to come back
        } else if (resuming == 0 && !gaveUp) {
            boolean lags = random.nextInt(8) == 0;
            resume(lags ? random.nextInt(received.size() + 1) : received.size());
        }
    }

    private void resume(int seq) {
        Link next = new Link(this, seq, true);
        next.stalled = !world.isCalm() && random.nextInt(4) == 0;
        resuming++;
        resumingFrom = seq;
        List<? extends Lane> lanes = world.engine.lanes();
        world.transport.resume(
                new ResumeRequest(session.id(), secret, seq, user),
                lanes.get(random.nextInt(lanes.size())),
                next,
                new Consumer<>() {
                    private boolean isAnswered;

                    @Override
                    public void accept(ResumeResult result) {
                        world.noting(() -> {
                            Violation.unless(!isAnswered, "%s: a second answer to a resume", Client.this);
                            isAnswered = true;
                            answered(seq, next, result);
                        });
                    }
                });
    }

    private void answered(int seq, Link next, ResumeResult result) {
        resuming--;
        switch (result) {
            case ResumeResult.Resumed resumed -> {
                received.subList(seq, received.size()).clear(); // is written again
                link.vanish();
                link = next;
                next.attachment = resumed.attachment();
                acknowledged = seq;
                if (world.isCalm()) {
                    next.heal();
                }
                world.resumed++;
                world.trace.count("resumed");
            }
            case ResumeResult.Refused refused -> {
                world.refused++;
                world.trace.count("refused " + refused.reason());
                checkRefusal(seq, refused.reason());
            }
        }
        world.trace.note(
                "answer",
                number,
                result instanceof ResumeResult.Refused refused ? refused.reason() : AttachReason.RESUMED);
    }

    private void checkRefusal(int seq, ResumeResult.Reason reason) {
        boolean isAllowed = switch (reason) {
            case ENGINE_CLOSED -> world.isDraining();
            case EXPIRED -> !session.isOpen() || askedToClose;
            case EVENTS_LOST -> world.conditions.isSmallLog();
            case SEQ_TRIMMED -> mayBeTrimmed(seq);
            default -> false;
        };
        Violation.unless(isAllowed, "%s: the resume from %d is refused: %s", this, seq, reason);
        gaveUp |= reason != ResumeResult.Reason.ENGINE_CLOSED
                && (reason != ResumeResult.Reason.SEQ_TRIMMED || seq == received.size());
    }

    /** Whether the numbers after this one may be forgotten. With bounds in bytes {@code SessionModelTest} knows better. */
    private boolean mayBeTrimmed(int seq) {
        int certain = options.maxReplayEvents() - options.maxReplayEvents() / 8;
        return seq < acknowledged
                || link.lastSeq() - seq > certain
                || world.conditions.byteBounds()
                || world.conditions.smallBudget();
    }

    /** An ephemeral event is about to be written. */
    void checkInTime(Event event) {
        Topic topic = world.topic(event.guildId());
        topic.observe();
        Log.Entry entry = topic.logOf(event.epoch()).entries.get(event.offset());
        Violation.unless(
                entry != null && world.clock.nanoTime() <= entry.deadlineNanos(),
                "%s: %s is written too late",
                this,
                event);
    }

    // --- the end

    /** Whether it now must have all it has a right to: its connection has taken everything there is. */
    boolean isCaughtUp() {
        return session.isAttached() && link.isHealthy() && resuming == 0 && link.wire.isEmpty();
    }

    boolean isHealthy() {
        return session.isAttached() && link.isHealthy() && resuming == 0;
    }

    void readEverything() {
        read(Integer.MAX_VALUE);
    }

    void heal() {
        link.heal();
    }

    /** Comes back if it can. */
    void recover() {
        if (session.isOpen() && !gaveUp && resuming == 0 && !(session.isAttached() && link.isUp())) {
            resume(received.size());
        }
        link.heal();
        readEverything();
    }

    boolean isOver() {
        return !session.isOpen() || gaveUp;
    }

    /** Nobody will read what it still holds. */
    void closeIfGivenUp() {
        if (gaveUp && session.isOpen()) {
            askedToClose = true;
            session.close(CloseReason.REQUESTED);
        }
    }

    void checkReceived(boolean complete) {
        if (complete) {
            Violation.unless(!link.lacksResumed(), "%s: no RESUMED", this);
            Violation.unless(
                    received.size() == link.lastSeq(), "%s has %d of %d", this, received.size(), link.lastSeq());
            world.trace.count("complete client");
        }
        new StreamCheck(this).check(complete);
    }

    void checkCloseReason() {
        CloseReason reason = session.closeReason();
        if (reason == null) {
            throw new Violation(this + " is not closed");
        }
        world.trace.count("closed " + reason.kind());
        boolean isAllowed = switch (reason.kind()) {
            case REQUESTED, CLIENT_LEFT -> askedToClose;
            case SLOW_CONSUMER -> !dropsOldest();
            case OVER_BUDGET -> world.conditions.smallBudget() && !dropsOldest();
            case RESUME_EXPIRED -> true;
            case RESUME_FAILED -> world.conditions.isSmallLog();
            case ENGINE_CLOSED, CONNECTION_LOST, TIMED_OUT -> world.isDraining();
            default -> false;
        };
        Violation.unless(isAllowed, "%s is closed: %s", this, reason);
        Violation.unless(resuming == 0, "%s: no answer to a resume", this);
    }

    @Override
    public String toString() {
        return "client " + number + " (" + user + ", " + options.overflow() + ")";
    }
}
