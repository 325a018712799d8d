package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * A subscription on its way to a slice of the lane that its session has moved to. It is moved by {@link Resumption} together with
 * its session; or, if its control entry had not been passed when the session left, it begins on the old lane in its time and then
 * {@linkplain #follow follows}. Used by one lane after the other.
 */
final class MovingSubscription {
    private final LocalSubscription subscription;
    private final long from;
    private @Nullable Slice slice;

    /**
     * A subscription that has left its slice.
     *
     * @param from first offset it lacks
     */
    MovingSubscription(LocalSubscription subscription, long from) {
        this.subscription = subscription;
        this.from = from;
    }

    boolean isLive() {
        return subscription.isLive();
    }

    /** Reserves a place on the lane, if it has none yet, and reads what the slice there has passed and the subscription lacks. */
    CatchUp catchUp(LocalLane lane) {
        return reserve(lane).catchUp(subscription, from);
    }

    private Slice reserve(LocalLane lane) {
        Slice present = slice;
        if (present == null) {
            present = subscription.guild.guildLane(lane).reserve(subscription.session);
            slice = present;
        }
        return present;
    }

    /** Delivers what is missing and joins the slice, or gives its place back if the subscription has ended meanwhile. */
    void join(LocalLane lane, CatchUp missing) {
        if (!subscription.isLive()) {
            giveUp();
            return;
        }
        if (missing.state() == CatchUp.State.COMPLETE) {
            missing.apply();
            missing.events().forEach(event -> lane.sessions.add(subscription.session.slot, event));
        }
        Slice reserved = reserve(lane);
        if (subscription.guild.decisions.hasKicked(subscription, reserved.cursor.getPlain())) {
            giveUp();
            return;
        }
        subscription.place(reserved);
        subscription.passed = true;
        reserved.join(subscription, Math.max(from, reserved.cursor.getPlain()));
    }

    /** Ends the subscription and gives its place back. */
    void giveUp() {
        releasePlace();
        subscription.tryEnd();
        subscription.session.forget(subscription);
    }

    private void releasePlace() {
        Slice reserved = slice;
        if (reserved != null) {
            reserved.guildLane.release(reserved);
        }
    }

    // --- subscriptions that began after their session had moved

    /** Hands a subscription, whose control entry was passed just now and whose place was given back, to its session's lane. */
    static void follow(LocalSubscription subscription) {
        MovingSubscription moving = new MovingSubscription(subscription, subscription.firstOffset());
        subscription.session.lane().offer((LaneTask) moving::arrive);
    }

    private void arrive(LocalLane lane) {
        LocalSession session = subscription.session;
        if (session.lane() != lane) {
            releasePlace();
            follow(subscription);
        } else if (session.isMoving()) {
            lane.afterTurn(this::arrive);
        } else {
            begin(lane);
        }
    }

    private void begin(LocalLane lane) {
        LocalSession session = subscription.session;
        if (session.isEnded()) {
            subscription.tryEnd();
        }
        CatchUp catchUp = catchUp(lane);
        if (catchUp.state() == CatchUp.State.NOT_YET) {
            lane.afterTurn(this::arrive);
        } else if (!subscription.tryBegin()) {
            giveUp();
        } else {
            session.deliverSent();
            subscription.takeWelcome().forEach(event -> lane.sessions.add(session.slot, event));
            if (catchUp.state() == CatchUp.State.LOST) {
                reserve(lane).tellLost(subscription, from);
            }
            join(lane, catchUp);
            lane.sessions.ready(session);
        }
    }

    @Override
    public String toString() {
        return "Moving[" + subscription + ", lacks " + from + "]";
    }
}
