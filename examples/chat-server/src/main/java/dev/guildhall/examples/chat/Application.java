package dev.guildhall.examples.chat;

import dev.guildhall.Engine;
import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.account.AttemptLimit;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.community.Arrivals;
import dev.guildhall.examples.chat.community.Communities;
import dev.guildhall.examples.chat.community.Conversations;
import dev.guildhall.examples.chat.community.GuildEvents;
import dev.guildhall.examples.chat.community.Presences;
import dev.guildhall.examples.chat.gateway.ChatGateway;
import dev.guildhall.examples.chat.gateway.MemberRequests;
import dev.guildhall.examples.chat.rest.RestServer;
import dev.guildhall.examples.chat.store.Database;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.InviteTable;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.examples.chat.store.MessageTable;
import dev.guildhall.examples.chat.store.UserTable;
import dev.guildhall.transport.netty.NettyTransport;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The objects between the database and the engine, wired by hand. */
final class Application {
    private static final int PRESENCE_UPDATE = 3;
    private static final int REQUEST_GUILD_MEMBERS = 8;

    private final InstantSource clock = InstantSource.system();
    private final Accounts accounts;
    private final Communities communities;
    private final Conversations conversations;
    private final Presences presences;
    private final Arrivals arrivals;
    private final MemberTable members;
    private final ChatGateway gateway;

    Application(Database database, Supplier<Engine> engine) {
        Jdbi jdbi = database.jdbi();
        GuildTable guilds = new GuildTable(jdbi);
        Snowflakes ids = new Snowflakes(clock, database.largestId());
        GuildEvents events = new GuildEvents(engine);
        members = new MemberTable(jdbi);
        accounts = new Accounts(new UserTable(jdbi), ids);
        presences = new Presences(events, members);
        arrivals = new Arrivals(events, presences, guilds, members);
        communities = new Communities(
                new Communities.Tables(guilds, members, new InviteTable(jdbi)),
                events,
                presences,
                arrivals,
                ids,
                clock);
        gateway = new ChatGateway(accounts, communities, presences, arrivals);
        conversations = new Conversations(guilds, members, new MessageTable(jdbi), events, ids, clock);
    }

    NettyTransport.Builder gateway() {
        return NettyTransport.builder()
                .authenticator(gateway)
                .listener(gateway)
                .opcode(PRESENCE_UPDATE, gateway::onStatus)
                .opcode(REQUEST_GUILD_MEMBERS, new MemberRequests(members, presences));
    }

    /**
     * What REST works with.
     *
     * @param url of the gateway for a client that sent this Host header
     */
    RestServer.Parts rest(Function<@Nullable String, URI> url) {
        RestServer.Live live = new RestServer.Live() {
            @Override
            public URI url(@Nullable String hostHeader) {
                return url.apply(hostHeader);
            }

            @Override
            public void end(String token) {
                gateway.loggedOut(token);
            }
        };
        return new RestServer.Parts(accounts, new AttemptLimit(clock), communities, conversations, live);
    }

    /** Nobody is told any more who goes: everybody does. */
    void quieten() {
        presences.quieten();
    }
}
