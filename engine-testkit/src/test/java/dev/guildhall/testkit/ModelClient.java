package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Attachment;
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
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One session of a {@link ModelSchedule}, the client at its other end, and what the model knows of them. */
final class ModelClient {
    static final long SPECIAL_INTEREST = 2;
    static final int SMALL_BACKLOG_BYTES = 4_096;
    static final int SMALL_REPLAY_BYTES = 700;

    private static final int MAX_BACKLOG = 128;
    private static final int SMALL_REPLAY = 12;
    private static final int LARGE_REPLAY = 240;

    private static final int HUGE = 100_000;
    private static final List<OverflowPolicy> POLICIES = List.of(OverflowPolicy.values());

    final ModelSchedule schedule;
    final Session session;
    final SessionOptions options;

    /** What the client has, at the number minus one. */
    final List<Event> received = new ArrayList<>();

    final Map<String, Subscription> subscriptions = new HashMap<>();
    final Map<String, Long> masks = new HashMap<>();
    final Set<String> left = Collections.newSetFromMap(new HashMap<>());

    /** How many direct sends were accepted; their payloads are their numbers. */
    int sends;

    boolean resuming;
    boolean saidGoodbye;

    private final Random random;
    private final String secret;
    private FaultyLink link;
    private int laneIndex;

    /** Whether the client was refused for good. */
    private boolean gaveUp;

    private boolean askedToClose;
    private boolean checkedCloseReason;

    /** Since when the session has no link that works; negative while it has one. */
    private long lostAt = -1;

    /** What was written under which number, and what was ever written. */
    private final List<Event> written = new ArrayList<>();

    private final Set<Event> writtenOnce = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Reliable events that have to be written again, in order, before RESUMED. */
    private final ArrayDeque<Event> owed = new ArrayDeque<>();

    /** Numbers up to which the session must have forgotten, and up to which it may have. */
    private long forgotten;

    private long forgettable;

    /** The most that the session can have held unwritten so far, in events and bytes. */
    private long unwritten;

    private long unwrittenBytes;
    private long mostUnwritten;
    private long mostUnwrittenBytes;

    ModelClient(ModelSchedule schedule) {
        this.schedule = schedule;
        random = schedule.random;
        options = schedule.options(builder -> builder.maxBacklogEvents(MAX_BACKLOG)
                .maxReplayEvents(random.nextBoolean() ? SMALL_REPLAY : LARGE_REPLAY)
                .overflow(POLICIES.get(random.nextInt(3))));
        link = new FaultyLink(this, false);
        Attachment attachment = schedule.transport.open(options, link);
        link.attachment = attachment;
        session = attachment.session();
        secret = attachment.secret();
        if (random.nextBoolean()) {
            schedule.guilds.forEach(this::subscribe);
        }
    }

    boolean dropsOldest() {
        return options.overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP;
    }

    // --- what happens to it

    void subscribeOrLeave() {
        Guild guild = schedule.guilds.get(random.nextInt(2));
        Subscription present = subscriptions.get(guild.id());
        if (present == null && session.isOpen()) {
            subscribe(guild);
        } else if (present != null && random.nextInt(6) == 0) {
            left.add(guild.id());
            present.unsubscribe();
        }
    }

    private void subscribe(Guild guild) {
        schedule.makeRoomIn(guild);
        long mask = random.nextInt(3) == 0 ? ~SPECIAL_INTEREST : -1L;
        Subscription added = session.subscribe(guild, mask);
        if (added.outcome().isAccepted()) {
            subscriptions.put(guild.id(), added);
            masks.put(guild.id(), mask);
        }
    }

    boolean isFor(String guild, Event event) {
        Long mask = masks.get(guild);
        return mask != null && (mask & event.need()) == event.need();
    }

    /** Something was published: it may be on its way into the session's ring. */
    void offered(String guild, Event event) {
        if (isFor(guild, event)) {
            offered(event);
        }
    }

    private void offered(Event event) {
        unwritten++;
        unwrittenBytes += weight(event);
        mostUnwritten = Math.max(mostUnwritten, unwritten);
        mostUnwrittenBytes = Math.max(mostUnwrittenBytes, unwrittenBytes);
    }

    static int weight(Event event) {
        return event.payloadLength() + event.type().length() + SessionOptions.EVENT_OVERHEAD_BYTES;
    }

    void send(int count) {
        for (int i = 0; i < count; i++) {
            Event event = Event.of("D", Integer.toString(sends));
            if (session.send(event).isAccepted()) {
                sends++;
                offered(event);
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
        acknowledge(received.size());
    }

    /** Numbers that were never given, that lie far back, or that are not the client's to say. */
    void acknowledgeWrongly() {
        switch (random.nextInt(5)) {
            case 0 -> link.attachment().acknowledged(Long.MAX_VALUE);
            case 1 -> link.attachment().acknowledged(written.size() + HUGE);
            case 2 -> link.attachment().acknowledged(-1 - random.nextInt(3));
            case 3 -> acknowledge(random.nextInt(received.size() + 1));
            default -> acknowledge(written.size() + random.nextInt(3));
        }
    }

    private void acknowledge(long seq) {
        forgettable = Math.max(forgettable, seq);
        link.attachment().acknowledged(seq);
    }

    void stallOrUnstall() {
        link.stalled = !link.stalled;
        link.tellWritable();
    }

    void cut() {
        if (link.isUp()) {
            link.lose(random.nextBoolean() ? CloseReason.CONNECTION_LOST : TIMED_OUT);
        }
    }

    private static final CloseReason TIMED_OUT = new CloseReason(CloseReason.Kind.TIMED_OUT, "silent");

    void endOnPurpose() {
        if (random.nextBoolean()) {
            askedToClose = true;
            session.close(CloseReason.REQUESTED);
        } else if (link.isUp() && !resuming) {
            link.sayGoodbye();
        }
    }

    void failSoon() {
        link.failSoon(random);
    }

    void linkIsLost() {
        if (lostAt < 0) {
            lostAt = schedule.clock.nanoTime();
        }
    }

    void comeBack() {
        if (!resuming && !gaveUp) {
            switch (random.nextInt(12)) {
                case 0 -> resume(written.size() + HUGE);
                case 1 -> resume(-1 - random.nextInt(3));
                case 2 -> resume(random.nextInt(received.size() + 1));
                case 3 -> resume(received.size(), secret.substring(1), ResumeResult.Reason.UNKNOWN);
                default -> resume(received.size());
            }
        }
    }

    private void resume(long seq) {
        resume(seq, secret, null);
    }

    private void resume(long seq, String shown, ResumeResult.@Nullable Reason expected) {
        FaultyLink next = new FaultyLink(this, true);
        next.stalled = !schedule.draining && random.nextInt(4) == 0;
        resuming = true;
        ResumeRequest request = new ResumeRequest(session.id(), shown, seq, "client");
        List<? extends Lane> lanes = schedule.transport.lanes();
        int lane = random.nextInt(lanes.size());
        schedule.transport.resume(
                request,
                lanes.get(lane),
                next,
                result -> schedule.noting(() -> {
                    assertThat(resuming).as("one answer").isTrue();
                    resuming = false;
                    if (result instanceof ResumeResult.Resumed resumed) {
                        assertThat(expected).isNull();
                        resumed(seq, lane, next, resumed.attachment());
                    } else {
                        refused(seq, ((ResumeResult.Refused) result).reason(), expected);
                    }
                }));
    }

    private void resumed(long seq, int lane, FaultyLink next, Attachment attachment) {
        assertThat(seq).isBetween(forgotten, (long) written.size());
        assertThat(saidGoodbye).isFalse();
        received.subList((int) seq, received.size()).clear();
        link.vanish();
        link = next;
        next.attachment = attachment;
        if (schedule.draining) {
            next.heal();
        }
        owed.clear();
        List<Event> again = written.subList((int) seq, written.size());
        again.stream().filter(ModelClient::isReliable).forEach(owed::add);
        again.clear();
        lostAt = -1;
        forgotten = seq;
        forgettable = seq;
        schedule.resumes++;
        schedule.coverage.count("resumed");
        schedule.coverage.count("moved", lane == laneIndex ? 0 : 1);
        laneIndex = lane;
    }

    private static boolean isReliable(Event event) {
        return event.delivery() instanceof Delivery.Reliable && !event.type().equals(Event.RESUMED);
    }

    private void refused(long seq, ResumeResult.Reason reason, ResumeResult.@Nullable Reason expected) {
        schedule.refusals++;
        schedule.coverage.count("refused " + reason);
        if (reason == ResumeResult.Reason.ENGINE_CLOSED) {
            assertThat(schedule.draining).isTrue();
            return;
        }
        assertThat(expected == null || expected == reason).as("%s", reason).isTrue();
        switch (reason) {
            case UNKNOWN -> assertThat(expected).isEqualTo(reason);
            case SEQ_INVALID -> assertThat(seq).isNegative();
            case SEQ_AHEAD -> assertThat(seq).isGreaterThan(written.size());
            case SEQ_TRIMMED -> {
                gaveUp = seq == received.size();
                assertThat(seq).isLessThan(schedule.smallBudget ? written.size() : forgettable);
            }
            case EXPIRED -> {
                gaveUp = true;
                assertThat(session.isOpen() && !saidGoodbye).isFalse();
            }
            case EVENTS_LOST -> {
                gaveUp = true;
                assertThat(schedule.mayHaveLapped()).isTrue();
                assertThat(session.isOpen()).isFalse();
            }
            default -> throw new AssertionError(reason);
        }
    }

    // --- what the engine does

    void written(Event event, long seq) {
        written.add(event);
        assertThat(seq).isEqualTo(written.size());
        boolean isResumed = event.type().equals(Event.RESUMED);
        boolean isFirstTime = writtenOnce.add(event) || isResumed;
        if (event.delivery() instanceof Delivery.Ephemeral) {
            assertThat(isFirstTime)
                    .as("an ephemeral event is not written again")
                    .isTrue();
            assertThat(schedule.clock.nanoTime())
                    .as("in time")
                    .isLessThanOrEqualTo(schedule.log(event.guildId())
                            .get((int) event.offset())
                            .deadlineNanos());
        } else if (!dropsOldest() && !owed.isEmpty() && (isResumed || isReliable(event))) {
            assertThat(event).as("what was missed, before anything else").isSameAs(owed.removeFirst());
        }
        if (isFirstTime) {
            if (!isResumed && !event.type().equals(Event.GAP)) {
                unwritten--;
                unwrittenBytes -= weight(event);
            }
            int most = options.maxReplayEvents();
            int mostBytes = options.maxReplayBytes();
            forgotten = Math.max(forgotten, seq - kept(most, mostBytes));
            forgettable = Math.max(forgettable, seq - kept(most - most / 8, mostBytes - mostBytes / 8));
        }
    }

    /** How many of the last numbers fit into a replay. */
    private int kept(int most, int mostBytes) {
        int bytes = 0;
        int count = 0;
        while (count < Math.min(most, written.size())) {
            Event event = written.get(written.size() - 1 - count);
            boolean isKept = isReliable(event) || event.delivery() instanceof Delivery.Latest;
            bytes += isKept ? weight(event) : 0;
            if (bytes > mostBytes) {
                break;
            }
            count++;
        }
        return count;
    }

    /** The engine says that the client is too slow. */
    void checkSlow(boolean resumable) {
        assertThat(dropsOldest()).isFalse();
        boolean waits = options.overflow() == OverflowPolicy.DISCONNECT_RESUMABLE;
        assertThat(resumable && !waits).isFalse();
        int times = waits && !resumable && !schedule.draining ? 2 : 1;
        int notices = schedule.mayHaveLapped() ? 8 : 1; // of a lapped lane, and that the client was resumed
        long bytes = mostUnwrittenBytes + notices * 200L;
        assertThat(mostUnwritten + notices > (long) times * MAX_BACKLOG
                        || bytes > (long) times * options.maxBacklogBytes())
                .as("slow with at most %d events of %d bytes", mostUnwritten, mostUnwrittenBytes)
                .isTrue();
    }

    // --- why it ended

    void checkCloseReason() {
        CloseReason reason = session.closeReason();
        if (reason == null || checkedCloseReason) {
            return;
        }
        checkedCloseReason = true;
        schedule.coverage.count("closed " + reason.kind());
        switch (reason.kind()) {
            case REQUESTED -> assertThat(askedToClose).isTrue();
            case CLIENT_LEFT -> assertThat(saidGoodbye).isTrue();
            case SLOW_CONSUMER -> checkSlow(false);
            case OVER_BUDGET ->
                assertThat(schedule.smallBudget && !dropsOldest()).isTrue();
            case RESUME_EXPIRED -> {
                assertThat(lostAt).isNotNegative();
                assertThat(Duration.ofNanos(schedule.clock.nanoTime() - lostAt))
                        .isGreaterThanOrEqualTo(options.resumeWindow());
            }
            case RESUME_FAILED -> assertThat(schedule.mayHaveLapped()).isTrue();
            case ENGINE_CLOSED, CONNECTION_LOST, TIMED_OUT ->
                assertThat(schedule.draining).isTrue();
            default -> throw new AssertionError(reason);
        }
    }

    void checkEnded() {
        assertThat(resuming).as("an answer to each resume").isFalse();
        assertThat(session.isOpen()).isFalse();
    }

    // --- the end

    void readEverything() {
        link.heal();
        link.tellWritable();
    }

    void finish() {
        schedule.executor.runAll();
        for (int i = 0; i < 100 && session.isOpen() && !gaveUp && !isCaughtUp(); i++) {
            if (!session.isAttached() || !link.isUp()) {
                resume(received.size());
            }
            readEverything();
            schedule.executor.runAll();
            read(Integer.MAX_VALUE);
            schedule.executor.runAll();
        }
        checkCloseReason();
        boolean complete = session.isOpen() && !gaveUp;
        if (complete) {
            assertThat(isCaughtUp()).isTrue();
            assertThat(link.hasResumed()).as("RESUMED").isEqualTo(link.resuming);
            schedule.coverage.count("complete client");
        }
        assertThat(session.isOpen() && saidGoodbye).isFalse();
        if (gaveUp) {
            askedToClose = true;
            session.close(CloseReason.REQUESTED); // nobody will read what it still holds
        }
        ReceivedStream.of(this).check(complete);
    }

    private boolean isCaughtUp() {
        return session.isAttached()
                && link.isUp()
                && !link.stalled
                && link.wire.isEmpty()
                && received.size() == written.size()
                && schedule.executor.waiting() == 0;
    }
}
