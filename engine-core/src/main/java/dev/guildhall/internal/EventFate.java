package dev.guildhall.internal;

import dev.guildhall.Explanation;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what became of an event for a session, on the session's lane and from what is there anyway.
 *
 * <p>The ring is looked at first, because what it holds is certain. Beyond that, an event that the session's slice has passed, that its
 * mask covers and that the session has not lost was written and is forgotten; for that {@link KnownLosses} must be complete. An event
 * with a key may also have been replaced: then nothing of it is left, and which of the two it was is certain only if the session was
 * never spared one ({@link SessionRing#hasConflated}), if no newer one of the key follows, or if an older event of the guild is
 * still in the ring, since what is written is forgotten in order.
 */
final class EventFate {
    private final LocalGuild guild;
    private final GuildLog log;
    private final long offset;

    EventFate(LocalGuild guild, long offset) {
        this.guild = guild;
        this.log = guild.log;
        this.offset = offset;
    }

    /** What can be said without the session's lane. */
    Explanation withoutLane() {
        return isNoEvent() ? Explanation.NOT_PUBLISHED : Explanation.UNKNOWN;
    }

    /** What became of it; on the session's lane. */
    Explanation of(LocalSession session) {
        if (isNoEvent()) {
            return Explanation.NOT_PUBLISHED;
        }
        LocalLane lane = session.lane();
        SessionRing ring = session.slot == LaneSessions.NO_SLOT ? null : lane.sessions.ring(session.slot);
        Explanation inRing = ring == null ? null : inRing(ring, session);
        if (inRing != null) {
            return inRing;
        }
        LocalSubscription subscription = LocalSubscription.liveIn(session.subscriptions(), guild);
        if (subscription == null || (subscription.isSettled() && offset < subscription.firstOffset())) {
            return Explanation.NOT_SUBSCRIBED;
        }
        if (offset >= position(subscription, lane)) {
            return Explanation.NOT_REACHED;
        }
        return passed(session, ring, subscription);
    }

    private boolean isNoEvent() {
        return offset >= log.end() || (log.read(offset) instanceof Control control && control.offset == offset);
    }

    private @Nullable Explanation inRing(SessionRing ring, LocalSession session) {
        ring.unbundle();
        for (int position = ring.acked; position != ring.head; position++) {
            LogEvent event = ring.eventAt(position);
            if (event != null && isIt(event)) {
                if (position - ring.sent < 0) {
                    return Explanation.DELIVERED;
                }
                boolean isOver = event instanceof ExpiringEvent expiring
                        && expiring.hasExpired(session.engine.config().clock().nanoTime());
                return isOver ? Explanation.DROPPED : Explanation.WAITING;
            }
        }
        return null;
    }

    private boolean isIt(LogEvent event) {
        return event.offset == offset && event.incarnation() == guild.incarnation() && !(event instanceof GapNotice);
    }

    /** The first offset that the subscription was not served. */
    private static long position(LocalSubscription subscription, LocalLane lane) {
        Slice slice = subscription.slice();
        if (slice == null || !subscription.passed || slice.guildLane.lane != lane) {
            return 0;
        }
        return slice.position(subscription);
    }

    /** By its interests and mode of now, which it may have had no longer or not yet when the event passed. */
    private static boolean isFor(LocalSubscription subscription, Address address) {
        String user = subscription.session.user();
        return subscription.isPassive()
                ? address.isNoticeFor(user, subscription.interests())
                : address.isFor(user, subscription.interests());
    }

    /** The slice has passed it and the ring does not hold it. */
    private Explanation passed(LocalSession session, @Nullable SessionRing ring, LocalSubscription subscription) {
        LogEvent event = log.read(offset) instanceof LogEvent present && present.offset == offset ? present : null;
        if (event != null && !isFor(subscription, event.address)) {
            return Explanation.FILTERED;
        }
        KnownLosses losses = session.losses();
        if (losses != null && losses.contains(guild.incarnation(), offset)) {
            return Explanation.DROPPED;
        }
        if (event == null || (losses != null && losses.isForgetful()) || !session.isOpen()) {
            return Explanation.UNKNOWN;
        }
        if (event instanceof KeyedEvent keyed && !session.isInline()) {
            return passedWithKey(session, ring, subscription, keyed.key);
        }
        return Explanation.DELIVERED;
    }

    private Explanation passedWithKey(
            LocalSession session, @Nullable SessionRing ring, LocalSubscription subscription, KeyedEvent.Key key) {
        LocalLane lane = session.lane();
        boolean wasSpared = session.hasConflated() || (ring != null && ring.hasConflated());
        if (!wasSpared || !hasNewer(key, position(subscription, lane))) {
            return Explanation.DELIVERED;
        }
        boolean olderIsKept = ring != null && holdsOlder(ring);
        return olderIsKept || lane.sessions.seq(session.slot) == 0 ? Explanation.CONFLATED : Explanation.UNKNOWN;
    }

    private boolean hasNewer(KeyedEvent.Key key, long end) {
        for (long at = offset + 1; at < end; at++) {
            if (log.read(at) instanceof KeyedEvent newer && newer.key.equals(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsOlder(SessionRing ring) {
        for (int position = ring.acked; position != ring.head; position++) {
            LogEvent event = ring.eventAt(position);
            if (event != null && event.offset < offset && event.incarnation() == guild.incarnation()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "EventFate[" + guild.incarnation() + ":" + offset + "]";
    }
}
