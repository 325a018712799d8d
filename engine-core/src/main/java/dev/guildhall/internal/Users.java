package dev.guildhall.internal;

import dev.guildhall.Activity;
import dev.guildhall.Outcome;
import dev.guildhall.Presence;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceUpdate;
import dev.guildhall.User;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of each user, and what they say together. Any thread.
 *
 * <p><b>State.</b> {@code newest} has for each user the session that was opened last; from it the others hang in a list that is
 * linked through the sessions themselves, so a user costs one entry of the map and a session two references. The entry is made
 * with a user's first session and goes with the last one.
 *
 * <p><b>Who writes what.</b> The links of a session and what it says ({@code presence}) are read and written inside a {@code
 * compute} of the map for its user only, which is the user's lock. So the changes of one user have one order, the last of two
 * writers is the one that came last, and a merged presence is one that was true at one moment. A lane holds that lock for a few
 * stores, when a session ends; whoever looks at a user holds it for as long as it takes to pass over the user's sessions.
 * Nothing else is locked inside.
 *
 * <p>A session is here from before its lane knows it until its lane has ended it. It does not count as present from the moment
 * it is {@linkplain LocalSession#isOpen not open} any more; that changes outside the lock, and {@link #ended} has the user
 * looked at again.
 *
 * <p><b>Proofs.</b> None with two threads, as all is under a lock; {@code PresenceStormTest} runs it on real threads. Not linearizable:
 * {@link #size}, and whether sessions are open.
 */
final class Users {
    private final ConcurrentMap<String, LocalSession> newest = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final @Nullable Presences presences;

    /**
     * Nobody yet.
     *
     * @param presences to be told who has changed, or null
     */
    Users(@Nullable Presences presences) {
        this.presences = presences;
    }

    static String requireValidId(String id) {
        Objects.requireNonNull(id, "user");
        if (id.isEmpty() || id.length() > User.MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "a user's id must have 1 to " + User.MAX_ID_LENGTH + " characters, had " + id.length());
        }
        return id;
    }

    /** A session begins; called once, before its lane knows it. */
    void opened(LocalSession session) {
        newest.compute(session.user(), (user, present) -> {
            session.olderOfUser = present;
            if (present != null) {
                present.newerOfUser = session;
            }
            return session;
        });
        changed(session.user());
    }

    /** A session that was opened is over; called once. */
    void ended(LocalSession session) {
        newest.computeIfPresent(session.user(), (user, present) -> {
            LocalSession older = session.olderOfUser;
            LocalSession newer = session.newerOfUser;
            session.olderOfUser = null;
            session.newerOfUser = null;
            if (older != null) {
                older.newerOfUser = newer;
            }
            if (newer != null) {
                newer.olderOfUser = older;
            }
            return newer == null ? older : present;
        });
        changed(session.user());
    }

    /** A session says something else. */
    Outcome say(LocalSession session, Status status, Activity activity) {
        if (status == Status.OFFLINE) {
            throw new IllegalArgumentException(
                    "an open session cannot be OFFLINE; INVISIBLE looks the same to others, and closing it makes it so");
        }
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(activity, "activity");
        if (!session.isOpen()) {
            return Outcome.CLOSED;
        }
        newest.computeIfPresent(session.user(), (user, present) -> {
            session.presence = new SessionPresence(status, activity, changes.incrementAndGet());
            return present;
        });
        changed(session.user());
        return Outcome.ENQUEUED;
    }

    private void changed(String user) {
        if (presences != null) {
            presences.changed(user);
        }
    }

    /** The user's sessions, oldest first. */
    List<LocalSession> sessions(String user) {
        List<LocalSession> sessions = new ArrayList<>(1);
        forEachSession(user, sessions::add);
        Collections.reverse(sessions);
        return sessions;
    }

    /** What the user's sessions say together. */
    Presence presence(String user) {
        Merge merge = new Merge();
        List<Presence.Device> devices = new ArrayList<>(1);
        forEachSession(user, session -> {
            SessionPresence said = merge.add(session);
            if (said != null) {
                devices.add(new Presence.Device(
                        session.options().device(), said.status(), said.activity(), session.isAttached()));
            }
        });
        SessionPresence strongest = merge.strongest;
        if (strongest == null) {
            return Presence.OFFLINE;
        }
        Collections.reverse(devices);
        return new Presence(strongest.status(), strongest.activity(), devices);
    }

    /** What others see of the user; null if that is offline. */
    @Nullable
    PresenceUpdate shown(String user) {
        Merge merge = new Merge();
        forEachSession(user, merge::add);
        SessionPresence strongest = merge.strongest;
        return strongest == null || strongest.status().shown() == Status.OFFLINE
                ? null
                : new PresenceUpdate(user, strongest.status(), strongest.activity());
    }

    /** Newest first, under the user's lock. */
    private void forEachSession(String user, Consumer<LocalSession> action) {
        newest.computeIfPresent(user, (same, present) -> {
            for (LocalSession session = present; session != null; session = session.olderOfUser) {
                action.accept(session);
            }
            return present;
        });
    }

    /** Finds the one of a user's open sessions that the others are merged into. */
    private static final class Merge {
        @Nullable
        SessionPresence strongest;

        /** What the session says; null if it does not count. */
        @Nullable
        SessionPresence add(LocalSession session) {
            if (!session.isOpen()) {
                return null;
            }
            SessionPresence said = session.presence;
            if (said == null) {
                said = new SessionPresence(session.options().status(), Activity.NONE, 0);
            }
            if (strongest == null || said.outdoes(strongest)) {
                strongest = said;
            }
            return said;
        }
    }

    /** Users with sessions. */
    int size() {
        return newest.size();
    }

    @Override
    public String toString() {
        return "Users[" + size() + "]";
    }
}
