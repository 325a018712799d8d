package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.account.AttemptLimit;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.community.Communities;
import dev.guildhall.examples.chat.community.Conversations;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: the routes, the page, and an answer in JSON to whatever goes wrong. A request is a virtual thread. */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

    /** A message of 4,000 characters, each escaped as a surrogate pair, and as much again of fields that are ignored. */
    private static final long MAX_BODY_BYTES = 96 * 1024;

    private static final long STOP_TIMEOUT_MILLIS = 2_000;

    /** How long a connection that was kept for a next request holds up the end. */
    private static final long IDLE_WHILE_STOPPING_MILLIS = 100;

    /** What the routes do their work with. */
    public record Parts(
            Accounts accounts,
            AttemptLimit attempts,
            Communities communities,
            Conversations conversations,
            Live live) {}

    /** What REST needs of the gateway. */
    public interface Live {
        /** Where a client connects that sent this Host header. */
        URI url(@Nullable String hostHeader);

        /** Ends the sessions of a token that has been removed. */
        void end(String token);
    }

    private final Javalin http;

    private RestServer(Javalin http) {
        this.http = http;
    }

    /**
     * Starts to serve.
     *
     * @param host address to listen on
     * @param port 0 for any free one
     * @throws io.javalin.util.JavalinBindException if the port is taken
     */
    public static RestServer start(String host, int port, Parts parts) {
        Javalin http = Javalin.create(config -> {
            configure(config, host, port);
            addRoutes(config, parts);
            addFiles(config);
        });
        http.start();
        for (Connector connector : http.jettyServer().server().getConnectors()) {
            if (connector instanceof AbstractConnector closing) {
                closing.setShutdownIdleTimeout(IDLE_WHILE_STOPPING_MILLIS);
            }
        }
        return new RestServer(http);
    }

    public int port() {
        return http.port();
    }

    /** Lets requests that are under way finish, for a short while, and stops, whether they have or not. */
    @Override
    public void close() {
        try {
            http.stop();
        } catch (JavalinException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            LOG.info("Some requests were cut off that took longer than {} ms", STOP_TIMEOUT_MILLIS);
        }
    }

    private static void configure(JavalinConfig config, String host, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.http.prefer405over404 = true;
        config.router.javaLangErrorHandler(RestServer::ownFailure);
        config.jetty.host = host;
        config.jetty.port = port;
        config.jetty.modifyHttpConfiguration(RestServer::saysLittleAboutItself);
        config.jetty.modifyServer(RestServer::answersInJson);
    }

    private static void saysLittleAboutItself(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
    }

    private static void answersInJson(Server server) {
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(STOP_TIMEOUT_MILLIS);
    }

    private static void addRoutes(JavalinConfig config, Parts parts) {
        Routes routes = new Routes(config.routes, parts.accounts());
        new AccountRoutes(parts.accounts(), parts.attempts(), parts.live()).addTo(routes);
        new GuildRoutes(parts.communities()).addTo(routes);
        new MessageRoutes(parts.conversations()).addTo(routes);
        config.routes.exception(Refusal.class, (refusal, context) -> new Exchange(context).refuse(refusal));
        config.routes.exception(
                HttpResponseException.class, (failure, context) -> answer(context, failure.getStatus()));
        config.routes.exception(Exception.class, RestServer::ownFailure);
    }

    private static void addFiles(JavalinConfig config) {
        config.staticFiles.enableWebjars();
        config.staticFiles.add(files -> {
            files.directory = "/public";
            files.location = Location.CLASSPATH;
            files.headers =
                    Map.of("Cache-Control", "no-cache", "X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY");
        });
    }

    /** The server's mistake, not the client's: the client learns nothing but that. */
    private static void ownFailure(Exception failure, Context context) {
        LOG.error("{} {} failed", context.method(), context.endpoint().path, failure);
        answer(context, 500);
    }

    private static void ownFailure(HttpServletResponse response, Error failure) {
        LOG.error("A request failed", failure);
        if (response.isCommitted()) {
            return;
        }
        response.reset();
        response.setStatus(500);
        response.setContentType(ContentType.JSON);
        try {
            response.getOutputStream().write(JsonErrors.body(500));
        } catch (IOException e) {
            LOG.debug("The client did not wait to hear of it", e);
        }
    }

    private static void answer(Context context, int status) {
        context.status(status).contentType(ContentType.APPLICATION_JSON).result(JsonErrors.body(status));
    }
}
