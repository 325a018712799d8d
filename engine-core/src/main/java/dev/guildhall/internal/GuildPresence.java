package dev.guildhall.internal;

import dev.guildhall.Activity;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.PresenceUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one guild was told of the users in it, and of whom it has to be told next.
 *
 * <pre>
 *                 enters, leaves, or is changed            looked at by tell()
 *   in the map ────────────────────────────────▶ waits ────────────────────────▶ in the map, or gone
 *
 *   waits, nothing told ── last subscription leaves ──▶ gone: a stay of less than a tick costs nothing
 * </pre>
 *
 * <p><b>Who writes what.</b> The fields of a {@link Member} are written inside a {@code compute} of {@code members} for its
 * user, which is held for some stores; lanes do so when a subscription ends. {@code told} and {@code underWay} are changed by
 * {@link #tell} alone, which runs once at a time, because the guild is not handed to the tick again before it is over.
 *
 * <p><b>No change is lost.</b> Whoever changes something, changes it first and then sets {@code waits} and queues the member if
 * it was clear. {@code tell} takes the member out, clears {@code waits} and reads afterwards. All three are under the same
 * lock, so a change after the read queues the member again. In the same way {@code due} is set by whoever queues a member, and
 * cleared by {@code tell} before it looks whether the queue is empty.
 *
 * <p><b>Nobody is told of one user twice at one tick.</b> {@code queued} is counted up after a member was added, so as many
 * members as it says were there before; {@code tell} takes no more than that.
 *
 * <p><b>Memory.</b> A member for each user in the guild and for each one who has left and of whom that is not told yet. A
 * member who leaves untold is taken out of the map at once and stays in the queue, where it is counted as {@code abandoned};
 * when more are abandoned than there are members, the queue is swept.
 *
 * <p><b>Proofs.</b> None with two threads, as a member is under a lock; {@code PresenceStormTest} runs it on real ones.
 */
final class GuildPresence {
    /** Equals nothing that can be told. */
    private static final PresenceUpdate UNCERTAIN = new PresenceUpdate("nobody", Status.OFFLINE, Activity.NONE);

    private final LocalGuild guild;
    private final Presences presences;
    private final ConcurrentHashMap<String, Member> members = new ConcurrentHashMap<>();
    private final Queue<Member> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicBoolean due = new AtomicBoolean();

    GuildPresence(LocalGuild guild, Presences presences) {
        this.guild = guild;
        this.presences = presences;
    }

    private static final class Member {
        final String user;

        /** Of the user's sessions; negative if one left before it was counted. Volatile because {@link #tell} reads it unlocked. */
        volatile int subscriptions;

        /** In the queue. */
        boolean waits;

        /** In the event that is being made. */
        boolean underWay;

        /** An event that was accepted has been refused later, so that the guild may not know what counts as told. */
        boolean untold;

        /** What the guild knows; null is offline. Written by {@link #tell} alone. */
        @Nullable
        PresenceUpdate told;

        Member(String user) {
            this.user = user;
        }
    }

    /** One line of an event: what is said, and of whom. */
    private record Line(Member member, @Nullable PresenceUpdate now) {
        PresenceUpdate update() {
            return now != null ? now : new PresenceUpdate(member.user, Status.OFFLINE, Activity.NONE);
        }
    }

    // --- marks, any thread

    /** A session of the user subscribes. */
    void entered(String user) {
        count(user, 1);
    }

    /** A subscription of the user is over. */
    void left(String user) {
        count(user, -1);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the member's lock
    private void count(String user, int change) {
        members.compute(user, (same, present) -> {
            Member member = present == null ? new Member(user) : present;
            member.subscriptions += change;
            boolean isKnown = member.told == null && !member.underWay && !member.untold;
            if (member.subscriptions == 0 && member.waits && isKnown) {
                abandoned.incrementAndGet();
                return null;
            }
            await(member);
            return member;
        });
        expect();
    }

    /** The user's sessions say something else. Nothing if the user is not here. */
    void changed(String user) {
        Member member = members.computeIfPresent(user, (same, present) -> {
            await(present);
            return present;
        });
        if (member != null) {
            expect();
        }
    }

    private void await(Member member) {
        if (!member.waits) {
            member.waits = true;
            queue.add(member);
            queued.incrementAndGet();
        }
    }

    private void expect() {
        if (!due.get() && due.compareAndSet(false, true)) {
            presences.due(this);
        }
    }

    // --- the tick

    /** Makes as few events as can be of those who wait, and no more than a tick may have. */
    void tell() {
        try {
            sweep();
            List<Line> lines = takeLines();
            int most = presences.options().usersPerEvent();
            for (int from = 0; from < lines.size(); from += most) {
                tell(lines.subList(from, Math.min(lines.size(), from + most)));
            }
        } finally {
            due.set(false);
            if (!queue.isEmpty() && !presences.isOver()) {
                expect();
            }
        }
    }

    private void tell(List<Line> lines) {
        boolean heard = guild.subscriptionCount() > 0;
        boolean accepted = !heard || publish(lines);
        for (Line line : lines) {
            settle(line, accepted && (heard || line.now == null));
        }
    }

    /** Of those who wait, those of whom there is something to tell. While nobody is there to hear it there is no reason to stop. */
    private List<Line> takeLines() {
        PresenceOptions options = presences.options();
        int most =
                guild.subscriptionCount() > 0 ? options.usersPerEvent() * options.eventsPerTick() : Integer.MAX_VALUE;
        List<Line> lines = new ArrayList<>();
        for (int left = queued.get(); left > 0 && lines.size() < most; left--) {
            Member member = queue.poll();
            if (member == null) {
                break;
            }
            queued.decrementAndGet();
            Line line = look(member);
            if (line != null) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** A member is queued before the map has it, so this waits for whoever is just doing that. */
    private boolean isHere(Member member) {
        return members.computeIfPresent(member.user, (same, found) -> found) == member;
    }

    private @Nullable Line look(Member member) {
        Member present = members.computeIfPresent(member.user, (same, found) -> {
            if (found == member) {
                found.waits = false;
                found.underWay = true;
                if (found.untold) {
                    found.untold = false;
                    found.told = UNCERTAIN;
                }
            }
            return found;
        });
        if (present != member) {
            abandoned.decrementAndGet();
            return null;
        }
        Line line = new Line(member, member.subscriptions > 0 ? presences.shown(member.user) : null);
        if (Objects.equals(line.now, member.told)) {
            settle(line, true);
            return null;
        }
        return line;
    }

    /** Notes that the guild knows the line, or that it has to be told later. */
    private void settle(Line line, boolean isTold) {
        members.computeIfPresent(line.member.user, (same, member) -> {
            member.underWay = false;
            if (isTold) {
                member.told = line.now;
            } else {
                await(member);
            }
            return member.subscriptions == 0 && !member.waits && member.told == null ? null : member;
        });
    }

    /** False if the log has no room now. What is refused for good counts as told: to try it again would not help. */
    private boolean publish(List<Line> lines) {
        PresenceOptions options = presences.options();
        Outcome outcome;
        try {
            byte[] payload = options.encoder()
                    .encode(guild.id(), lines.stream().map(Line::update).toList());
            LogEvent event = (LogEvent) Event.of(Event.PRESENCE_UPDATE, payload).needing(options.need());
            outcome = guild.announce(event, () -> lines.forEach(this::tellAgain));
        } catch (Throwable failure) { // application code; the next updates are told
            presences.encoderFailed(failure);
            return true;
        }
        return outcome.isAccepted() || outcome == Outcome.CLOSED || outcome == Outcome.REFUSED;
    }

    /** The guild had accepted the line, and could not tell it when its turn came. */
    private void tellAgain(Line line) {
        members.compute(line.member.user, (user, present) -> {
            Member member = present == null ? new Member(user) : present;
            member.untold = true;
            await(member);
            return member;
        });
        expect();
    }

    private void sweep() {
        if (abandoned.get() > members.mappingCount()) {
            for (Iterator<Member> waiting = queue.iterator(); waiting.hasNext(); ) {
                Member member = waiting.next();
                if (!isHere(member)) {
                    waiting.remove();
                    queued.decrementAndGet();
                    abandoned.decrementAndGet();
                }
            }
        }
    }

    /** All that is kept here. */
    int size() {
        return members.size() + queued.get();
    }

    @Override
    public String toString() {
        return "GuildPresence[" + guild.id() + ", " + members.size() + " users, " + queued.get() + " wait]";
    }
}
