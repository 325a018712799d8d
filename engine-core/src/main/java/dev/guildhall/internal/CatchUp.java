package dev.guildhall.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription would have got between the position up to which it was served on one lane and the cursor of its slice on
 * another, read from the log: the events, and what the changes between them made of its interests and its mode. Reading changes
 * nothing of the subscription, so it can be tried again; {@link #apply} does.
 */
final class CatchUp {
    enum State {
        /** All were there. */
        COMPLETE,
        /** A publisher has claimed a place and not filled it yet; try again soon. */
        NOT_YET,
        /** The log has overwritten some. */
        LOST
    }

    private final LocalSubscription subscription;
    private final String user;
    private final List<LogEvent> events = new ArrayList<>();
    private InterestSet interests;
    private long closedFrom;

    /** Null while active. */
    private @Nullable Unread unread;

    private boolean isOver;
    private final State state;

    private CatchUp(GuildLog log, LocalSubscription subscription, long from, long to) {
        this.subscription = subscription;
        user = subscription.session.user();
        interests = subscription.interests();
        closedFrom = subscription.closedFrom();
        unread = subscription.unread == null ? null : subscription.unread.copy();
        state = read(log, from, to);
    }

    /** Reads the entries {@code from} to {@code to - 1}. */
    static CatchUp read(GuildLog log, LocalSubscription subscription, long from, long to) {
        return new CatchUp(log, subscription, from, to);
    }

    private State read(GuildLog log, long from, long to) {
        if (to - from > log.capacity()) {
            return State.LOST;
        }
        for (long at = from; at < to; at++) {
            Object entry = log.read(at);
            long offset = entry == null ? -1 : GuildLog.offsetOf(entry);
            if (offset > at) {
                return State.LOST;
            }
            if (offset < at) {
                return State.NOT_YET;
            }
            if (isOver) {
                continue; // what follows has only to be there
            }
            if (entry instanceof LogEvent event) {
                take(event);
            } else if (entry instanceof Control.Kick kick && kick.user.equals(user)) {
                tellClosed(kick.offset);
                isOver = true;
            } else if (entry instanceof Control.Change change && change.concerns(subscription)) {
                take(change);
            }
        }
        return State.COMPLETE;
    }

    private void take(LogEvent event) {
        Unread passive = unread;
        if (passive == null) {
            if (event.address.isFor(user, interests)) {
                events.add(event);
            }
            return;
        }
        if (event.address.isNoticeFor(user, interests)) {
            events.add(event);
        }
        if (event.address.isCoveredBy(interests)) {
            passive.count(event);
        }
    }

    private void take(Control.Change change) {
        if (change.interests != null) {
            tellClosed(change.offset);
            interests = change.interests;
            closedFrom = -1;
        } else if (change.isPassive()) {
            unread = unread == null ? new Unread() : unread;
        } else if (unread != null) {
            LogEvent summary = unread.take(subscription.guild.incarnation());
            if (summary != null) {
                events.add(summary);
            }
            unread = null;
        }
    }

    private void tellClosed(long to) {
        if (closedFrom >= 0 && closedFrom < to) {
            events.add(GapNotice.of(subscription.guild.incarnation(), closedFrom, to - 1, to - closedFrom));
        }
    }

    State state() {
        return state;
    }

    /** What is to be delivered, in order; of use if COMPLETE. */
    List<LogEvent> events() {
        return events;
    }

    /** The subscription has been given the events. Lane of the subscription, outside of a slice. */
    void apply() {
        subscription.restore(interests, closedFrom, unread);
    }
}
