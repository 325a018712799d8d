package dev.guildhall.internal;

import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Presence;
import dev.guildhall.Sent;
import dev.guildhall.Session;
import dev.guildhall.User;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A user's name, and where its sessions are found. */
public final class LocalUser implements User {
    private final Users users;
    private final String id;

    LocalUser(Users users, String id) {
        this.users = users;
        this.id = Users.requireValidId(id);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Presence presence() {
        return users.presence(id);
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(users.sessions(id));
    }

    @Override
    public Sent send(Event event) {
        Objects.requireNonNull(event, "event");
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        for (LocalSession session : users.sessions(id)) {
            counts.merge(session.send(event), 1, Integer::sum);
        }
        return new Sent(
                counts.getOrDefault(Outcome.ENQUEUED, 0),
                counts.getOrDefault(Outcome.BACK_PRESSURED, 0),
                counts.getOrDefault(Outcome.REFUSED, 0),
                counts.getOrDefault(Outcome.CLOSED, 0));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalUser user && users == user.users && id.equals(user.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        List<LocalSession> sessions = users.sessions(id);
        return "User[" + id + ", " + sessions.size() + " sessions, "
                + presence().status() + "]";
    }
}
