package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.api.GuildShapes;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.community.Communities;
import dev.guildhall.examples.chat.store.UserRow;
import io.javalin.http.HandlerType;

/** Guilds, channels, members and invitations. */
final class GuildRoutes {
    private static final int TEXT_CHANNEL = 0;
    private static final int MAX_NAME = 100;
    private static final int MAX_MEMBERS = 1_000;

    private final Communities communities;

    GuildRoutes(Communities communities) {
        this.communities = communities;
    }

    void addTo(Routes routes) {
        routes.personal(HandlerType.GET, "/users/@me/guilds", this::ownGuilds);
        routes.personal(HandlerType.DELETE, "/users/@me/guilds/{guild}", this::leave);
        routes.personal(HandlerType.POST, "/guilds", this::create);
        routes.personal(
                HandlerType.GET,
                "/guilds/{guild}",
                (e, user) -> e.answer(GuildShapes.guild(communities.guild(user, e.pathId("guild")))));
        routes.personal(
                HandlerType.GET,
                "/guilds/{guild}/channels",
                (e, user) -> e.answer(Json.array(communities.channels(user, e.pathId("guild")), Shapes::channel)));
        routes.personal(HandlerType.POST, "/guilds/{guild}/channels", this::createChannel);
        routes.personal(HandlerType.GET, "/guilds/{guild}/members", this::members);
        routes.personal(
                HandlerType.GET,
                "/guilds/{guild}/members/{user}",
                (e, user) -> e.answer(Shapes.member(communities.member(user, e.pathId("guild"), e.pathId("user")))));
        routes.personal(
                HandlerType.GET,
                "/channels/{channel}",
                (e, user) -> e.answer(Shapes.channel(communities.channel(user, e.pathId("channel")))));
        routes.personal(
                HandlerType.POST,
                "/channels/{channel}/invites",
                (e, user) -> e.answer(Shapes.invite(communities.invite(user, e.pathId("channel")))));
        routes.open(
                HandlerType.GET,
                "/invites/{code}",
                e -> e.answer(Shapes.invite(communities.findInvite(e.path("code")))));
        routes.personal(
                HandlerType.POST,
                "/invites/{code}",
                (e, user) -> e.answer(Shapes.invite(communities.join(user, e.path("code")))));
    }

    private void ownGuilds(Exchange exchange, UserRow user) {
        exchange.answer(Json.array(communities.guildsOf(user), guild -> GuildShapes.partial(guild, user.id())));
    }

    private void leave(Exchange exchange, UserRow user) {
        communities.leave(user, exchange.pathId("guild"));
        exchange.answerNothing();
    }

    private void create(Exchange exchange, UserRow user) {
        String name = exchange.body().name("name", 2, MAX_NAME);
        exchange.answer(201, GuildShapes.guild(communities.create(user, name)));
    }

    private void createChannel(Exchange exchange, UserRow user) {
        long guild = exchange.pathId("guild");
        Body body = exchange.body();
        String name = body.name("name", 1, MAX_NAME);
        if (body.number("type", TEXT_CHANNEL) != TEXT_CHANNEL) {
            throw Refusal.invalid("type must be " + TEXT_CHANNEL + ", a text channel");
        }
        exchange.answer(201, Shapes.channel(communities.createChannel(user, guild, name)));
    }

    private void members(Exchange exchange, UserRow user) {
        int limit = exchange.queryNumber("limit", 1, MAX_MEMBERS, MAX_MEMBERS);
        long after = exchange.queryId("after", 0);
        exchange.answer(Json.array(communities.members(user, exchange.pathId("guild"), after, limit), Shapes::member));
    }
}
