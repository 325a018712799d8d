package dev.guildhall.examples.chat;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.GuildOptions;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.PresenceUpdate;
import dev.guildhall.SessionOptions;
import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.account.AttemptLimit;
import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.community.Communities;
import dev.guildhall.examples.chat.community.Conversations;
import dev.guildhall.examples.chat.community.Guilds;
import dev.guildhall.examples.chat.gateway.ChatGateway;
import dev.guildhall.examples.chat.gateway.FailedGuild;
import dev.guildhall.examples.chat.gateway.MemberRequests;
import dev.guildhall.examples.chat.rest.RestServer;
import dev.guildhall.examples.chat.store.Database;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserTable;
import dev.guildhall.transport.netty.NettyTransport;
import dev.guildhall.transport.netty.NettyTransportBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The objects between the database and the engine, wired by hand. */
final class Application {
    private static final int PRESENCE_UPDATE = 3;
    private static final int REQUEST_GUILD_MEMBERS = 8;

    /** A database that was away comes back some time, so guilds are tried again without an end: with this back-off never 1,000 times a minute. */
    private static final GuildOptions GUILDS = GuildOptions.builder()
            .backoff(Duration.ofMillis(100), Duration.ofSeconds(10))
            .maxRestarts(1_000, Duration.ofMinutes(1))
            .build();

    /** In this protocol an event names one user: of a storm a guild hears 250 of them a second. */
    private static final PresenceOptions PRESENCE = PresenceOptions.DEFAULT
            .withTick(Duration.ofMillis(200))
            .withUsersPerEvent(1)
            .withEventsPerTick(50)
            .withNeed(1L << Intents.GUILD_PRESENCES)
            .withEncoder(Application::encode);

    /** Nobody is seen before what they identified with was looked at. */
    private static final SessionOptions SESSIONS =
            SessionOptions.builder().status(Status.INVISIBLE).build();

    private final InstantSource clock = InstantSource.system();
    private final Accounts accounts;
    private final Guilds guilds;
    private final Communities communities;
    private final Conversations conversations;
    private final Tables tables;
    private final ChatGateway gateway;

    Application(Database database, Supplier<Engine> engine) {
        Snowflakes ids = new Snowflakes(clock, database.largestId());
        tables = Tables.of(database.jdbi());
        accounts = new Accounts(new UserTable(database.jdbi()), ids);
        guilds = new Guilds(engine, tables.members());
        communities = new Communities(tables, guilds, ids, clock);
        conversations = new Conversations(tables, guilds);
        gateway = new ChatGateway(accounts, communities, guilds);
    }

    EngineBuilder engine() {
        return Engine.builder()
                .guildHandlers(communities::handler)
                .guildOptions(GUILDS)
                .presence(PRESENCE);
    }

    NettyTransportBuilder gateway() {
        return NettyTransport.builder()
                .authenticator(gateway)
                .listener(gateway)
                .sessionOptions(SESSIONS)
                .eventEncoder(Event.GUILD_UNAVAILABLE, new FailedGuild())
                .opcode(PRESENCE_UPDATE, gateway::onStatus)
                .opcode(REQUEST_GUILD_MEMBERS, new MemberRequests(tables.members(), guilds));
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

    private static byte[] encode(String guildId, List<PresenceUpdate> one) {
        PresenceUpdate update = one.getFirst();
        return Json.write(Shapes.presence(guildId, update.user(), update.status()));
    }
}
