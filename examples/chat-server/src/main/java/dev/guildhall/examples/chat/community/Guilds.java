package dev.guildhall.examples.chat.community;

import dev.guildhall.AskException;
import dev.guildhall.Attribute;
import dev.guildhall.Engine;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Presence.Status;
import dev.guildhall.Session;
import dev.guildhall.User;
import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** The chat's guilds, users and sessions in the engine, by the ids that the database knows. Usable from any thread but a lane. */
public final class Guilds {
    private static final Duration LONGEST_REPLY = Duration.ofSeconds(5);

    /** What a session's client wants to see; null until it is known. */
    private static final Attribute<Long> INTENTS = Attribute.named("intents", Long.class);

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Thread::startVirtualThread);

    private final Supplier<Engine> engine;
    private final MemberTable members;

    /**
     * The guilds of an engine.
     *
     * @param engine may block until the engine is open
     */
    public Guilds(Supplier<Engine> engine, MemberTable members) {
        this.engine = engine;
        this.members = members;
    }

    /**
     * Asks a guild that exists to do something, and waits until it has.
     *
     * @throws Refusal the guild's, or that it is unavailable: it has failed and is being started again, or has too much to do
     */
    <R> R ask(long guildId, GuildCommand<R> command) {
        try {
            return guild(guildId).ask(command, LONGEST_REPLY).orThrow();
        } catch (AskException | TimeoutException e) {
            throw new Refusal(Kind.UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Kind.UNAVAILABLE);
        }
    }

    /**
     * Lets a session into all guilds of its user. The intents are noted before the memberships are read, and a membership is stored
     * before its user's sessions are asked for their intents: whichever of connecting and joining comes second sees the other, and if
     * both do, a session that is in a guild already stays as it is. May block.
     */
    public void enterAll(Session session, long intents) {
        session.set(INTENTS, intents);
        for (long guildId : members.guildIds(Long.parseLong(session.user()))) {
            enter(session, guild(guildId), intents);
        }
    }

    /** Lets the sessions of somebody who has just become a member into the guild. */
    void enter(long userId, long guildId) {
        for (Session session : user(userId).sessions()) {
            Long intents = session.get(INTENTS);
            if (intents != null) {
                enter(session, guild(guildId), intents);
            }
        }
    }

    /** The guild decides; one that cannot now is asked again later, as long as the session lives. */
    private static void enter(Session session, Guild guild, long intents) {
        var _ = session.subscribe(guild, Intents.interests(intents)).settled().thenAccept(subscription -> {
            Outcome outcome = subscription.outcome();
            if (outcome == Outcome.UNAVAILABLE || outcome == Outcome.BACK_PRESSURED) {
                LATER.execute(() -> enter(session, guild, intents));
            }
        });
    }

    /** How present those of the members are who do not look offline. */
    public List<ObjectNode> presences(List<MemberRow> some) {
        List<ObjectNode> presences = new ArrayList<>();
        for (MemberRow member : some) {
            Status status = user(member.userId()).presence().status().shown();
            if (status != Status.OFFLINE) {
                presences.add(Shapes.presence(Long.toString(member.guildId()), Long.toString(member.userId()), status));
            }
        }
        return presences;
    }

    private Guild guild(long id) {
        return engine.get().guild(Long.toString(id));
    }

    private User user(long id) {
        return engine.get().user(Long.toString(id));
    }
}
