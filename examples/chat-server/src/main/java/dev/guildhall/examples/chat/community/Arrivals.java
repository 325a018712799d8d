package dev.guildhall.examples.chat.community;

import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Subscription;
import dev.guildhall.examples.chat.api.GuildShapes;
import dev.guildhall.examples.chat.api.GuildShapes.Snapshot;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Status;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings sessions into their guilds and out again. A session is in the registry of {@link Presences} before its guilds are
 * looked up, and a membership is stored before the registry is asked for the member's sessions: whichever of connecting and
 * joining comes second sees the other, and {@link #welcome} may be called for both.
 */
public final class Arrivals {
    /** Members that a client is given at once; it asks for the others when it needs them. */
    private static final int MAX_MEMBERS_AT_ONCE = 1_000;

    private final GuildEvents events;
    private final Presences presences;
    private final GuildTable guilds;
    private final MemberTable members;

    public Arrivals(GuildEvents events, Presences presences, GuildTable guilds, MemberTable members) {
        this.events = events;
        this.presences = presences;
        this.guilds = guilds;
        this.members = members;
    }

    /** Welcomes a session that has just connected in all guilds of its user. May block. */
    public void welcome(LiveSession session) {
        for (long guildId : members.guildIds(session.userId())) {
            welcome(session, guildId);
        }
    }

    /**
     * Sends the session the guild as it is now and subscribes it, under the guild's lock: nothing is published between the
     * two, and what happens later comes as events. The order matters: the engine delivers what is sent to a session before it
     * subscribes to a guild before that guild's first event, so no event overtakes the snapshot. Does nothing for somebody
     * who is no longer a member, or for a session that is there already. May block.
     */
    void welcome(LiveSession session, long guildId) {
        session.retry(() -> events.inOrder(guildId, () -> {
            Guild guild = events.guild(guildId);
            Optional<MemberRow> self = members.find(guildId, session.userId());
            if (self.isEmpty() || session.session().subscription(guild) != null) {
                return Outcome.ENQUEUED;
            }
            ObjectNode snapshot = GuildShapes.guildCreate(snapshot(guildId, self.get()));
            Outcome sent = session.session().send(GuildEvents.event("GUILD_CREATE", snapshot));
            if (!sent.isAccepted()) {
                return sent;
            }
            return session.session().subscribe(guild, session.intents()).outcome();
        }));
    }

    /** Ends the user's view of a guild. Inside the guild's order. */
    void dismiss(long userId, long guildId) {
        Guild guild = events.guild(guildId);
        for (LiveSession session : presences.sessions(userId)) {
            Subscription subscription = session.session().subscription(guild);
            if (subscription != null) {
                subscription.unsubscribe();
                session.sendOrClose(GuildEvents.event("GUILD_DELETE", GuildShapes.guildDeleted(guildId)));
            }
        }
    }

    /** Welcomes all live sessions of somebody who has just joined. Outside the guild's order; may block. */
    void welcomeAll(long userId, long guildId) {
        presences.sessions(userId).forEach(session -> welcome(session, guildId));
    }

    private Snapshot snapshot(long guildId, MemberRow self) {
        GuildRow guild = guilds.find(guildId).orElseThrow();
        List<MemberRow> shown = new ArrayList<>(members.page(guildId, 0, MAX_MEMBERS_AT_ONCE));
        if (!shown.contains(self)) {
            shown.add(self);
        }
        List<ObjectNode> online = shown.stream()
                .filter(member -> presences.status(member.userId()) != Status.OFFLINE)
                .map(member -> Shapes.presence(guildId, member.userId(), presences.status(member.userId())))
                .toList();
        return new Snapshot(guild, guilds.channels(guildId), shown, members.count(guildId), self, online);
    }
}
