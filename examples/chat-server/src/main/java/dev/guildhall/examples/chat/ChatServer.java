package dev.guildhall.examples.chat;

import dev.guildhall.Engine;
import dev.guildhall.examples.chat.rest.RestServer;
import dev.guildhall.examples.chat.store.Database;
import dev.guildhall.transport.netty.NettyTransport;
import dev.guildhall.transport.netty.NettyTransportBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat: a database, an engine with a gateway, and an HTTP server, opened in this order and closed in the other. While one
 * closes, those it stands on still work, so everything that was begun can end.
 */
public final class ChatServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChatServer.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final ChatOptions options;
    private final Database database;
    private final Handlers handlers;
    private final Engine engine;
    private final URI gatewayUrl;
    private final RestServer rest;

    private ChatServer(
            ChatOptions options, Database database, Handlers handlers, Engine engine, URI gatewayUrl, RestServer rest) {
        this.options = options;
        this.database = database;
        this.handlers = handlers;
        this.engine = engine;
        this.gatewayUrl = gatewayUrl;
        this.rest = rest;
    }

    /**
     * Opens the database and starts to serve. Blocks until it does.
     *
     * @param options where
     * @return a running server
     * @throws IOException if the data folder cannot be made
     * @throws RuntimeException if the database is in use, or a port is; nothing stays open then
     */
    public static ChatServer open(ChatOptions options) throws IOException {
        Database database = Database.open(options.data());
        try {
            return open(options, database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Serves from a database that it closes when it is closed. */
    static ChatServer open(ChatOptions options, Database database) {
        // The gateway calls the application, which needs the engine, which is built with the gateway. A client that is
        // so
        // quick as to identify while the engine opens waits for it here.
        CompletableFuture<Engine> opened = new CompletableFuture<>();
        Application application = new Application(database, opened::join);
        NettyTransportBuilder gateway = application
                .gateway()
                .host(options.host())
                .port(options.gatewayPort())
                .allowedOrigins(options.allowedOrigins().toArray(String[]::new));
        if (options.gatewayUrl() != null) {
            gateway.gatewayUrl(options.gatewayUrl());
        }
        NettyTransport transport = gateway.build();
        Handlers handlers = new Handlers();
        Engine engine = application
                .engine()
                .transport(transport)
                .blockingExecutor(handlers)
                .open();
        opened.complete(engine);
        try {
            RestServer rest = RestServer.start(options.host(), options.port(), application.rest(transport::urlSeenBy));
            return new ChatServer(options, database, handlers, engine, transport.url(), rest);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Where the page is and, below {@code /api/v10}, REST.
     *
     * @return without a slash at the end
     */
    public URI url() {
        return urlOf(options.host(), rest.port());
    }

    public URI gatewayUrl() {
        return gatewayUrl;
    }

    public Engine engine() {
        return engine;
    }

    /** Lets requests finish, delivers what was published, tells clients to come back later, and closes the database. */
    @Override
    public void close() {
        rest.close();
        engine.close();
        awaitHandlers();
        database.close();
    }

    /** What the gateway called last, for each client that it closed, still reads and writes the database. */
    private void awaitHandlers() {
        try {
            if (!handlers.await(LONGEST_WAIT)) {
                LOG.warn("Some gateway handlers have not returned after {}", LONGEST_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A URL that works in a browser on this machine. */
    static URI urlOf(String host, int port) {
        try {
            boolean hasNoName = host.equals(ChatOptions.DEFAULT_HOST)
                    || InetAddress.getByName(host).isAnyLocalAddress();
            return new URI("http", null, hasNoName ? "localhost" : host, port, null, null, null);
        } catch (UnknownHostException | URISyntaxException e) {
            throw new IllegalArgumentException("The server listens on " + host + ", of which no URL can be made", e);
        }
    }
}
