package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Status;
import dev.guildhall.examples.chat.store.MemberTable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, and how present they are. A person's sessions each have a status; the most present one counts, and
 * whoever is invisible looks offline.
 *
 * <p><b>State.</b> {@link #people} maps a user to an immutable {@link Person}, replaced atomically per user by
 * {@code compute}; reading takes no lock. A person has at least one session or an announced status other than offline.
 *
 * <p><b>Announcing</b> is separate from changing. {@link #announce} compares what is so with what was announced last and
 * publishes the difference to all the user's guilds, under the user's lock, so the last thing published is the last thing
 * that was so. It counts as announced when all guilds have been told; after a failure the next announcement repeats it. A status counts from the moment it is set, before it is announced: a
 * snapshot taken in between already holds it, and the event that follows repeats it. Somebody who joins a guild between the
 * two announces in that guild by {@link #announceIn}, so either that or the announcement finds the new membership.
 */
public final class Presences {
    private record Person(Map<LiveSession, Status> sessions, Status announced) {
        static final Person NOBODY = new Person(Map.of(), Status.OFFLINE);

        Person with(LiveSession session, Status status) {
            Map<LiveSession, Status> changed = new HashMap<>(sessions);
            changed.put(session, status);
            return new Person(Map.copyOf(changed), announced);
        }

        Person announced(Status status) {
            return new Person(sessions, status);
        }

        Person without(LiveSession session) {
            Map<LiveSession, Status> changed = new HashMap<>(sessions);
            changed.remove(session);
            return new Person(Map.copyOf(changed), announced);
        }

        Status status() {
            return sessions.values().stream()
                    .min(Comparator.naturalOrder())
                    .orElse(Status.OFFLINE)
                    .seenByOthers();
        }

        @Nullable
        Person orNull() {
            return sessions.isEmpty() && announced == Status.OFFLINE ? null : this;
        }
    }

    private final GuildEvents events;
    private final MemberTable members;
    private final ConcurrentHashMap<Long, Person> people = new ConcurrentHashMap<>();
    private final StripedLocks locks = new StripedLocks();
    private volatile boolean quiet;

    public Presences(GuildEvents events, MemberTable members) {
        this.events = events;
        this.members = members;
    }

    /** Adds a session or changes its status; the status of a session that has ended must not be set any more. */
    public void set(LiveSession session, Status status) {
        people.compute(session.userId(), (id, person) -> orNobody(person).with(session, status));
    }

    public void remove(LiveSession session) {
        people.compute(
                session.userId(),
                (id, person) -> orNobody(person).without(session).orNull());
    }

    /**
     * How present somebody looks to others.
     *
     * @param userId anybody
     * @return never {@link Status#INVISIBLE}
     */
    public Status status(long userId) {
        return orNobody(people.get(userId)).status();
    }

    /** The live sessions of a user at this moment. */
    Set<LiveSession> sessions(long userId) {
        return orNobody(people.get(userId)).sessions().keySet();
    }

    /** Tells the user's guilds if the user's status differs from what they were told last. May block. */
    public void announce(long userId) {
        locks.holding(userId, () -> {
            Person person = orNobody(people.get(userId));
            Status now = person.status();
            if (now != person.announced() && !quiet) {
                for (long guildId : members.guildIds(userId)) {
                    events.inOrder(guildId, () -> {
                        publish(guildId, userId, now);
                        return guildId;
                    });
                }
                people.computeIfPresent(userId, (id, p) -> p.announced(now).orNull());
            }
            return now;
        });
    }

    /** Tells a guild that somebody has just joined about that member's status. Inside the guild's order. */
    void announceIn(long guildId, long userId) {
        Status status = status(userId);
        if (status != Status.OFFLINE) {
            publish(guildId, userId, status);
        }
    }

    /** The server is closing: everybody is about to go, and nobody needs to be told of everybody. */
    public void quieten() {
        quiet = true;
    }

    private void publish(long guildId, long userId, Status status) {
        events.publish(guildId, "PRESENCE_UPDATE", Intents.GUILD_PRESENCES, Shapes.presence(guildId, userId, status));
    }

    private static Person orNobody(@Nullable Person person) {
        return person == null ? Person.NOBODY : person;
    }
}
