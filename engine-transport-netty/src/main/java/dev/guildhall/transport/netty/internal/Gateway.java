package dev.guildhall.transport.netty.internal;

import dev.guildhall.Lane;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the clients of one running gateway share. Immutable. */
final class Gateway {
    /** Opcodes that clients of the protocol may send whether or not the application listens. */
    static final Set<Integer> IGNORED_OPCODES = Set.of(3, 4, 8);

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewayConfig config;
    private final TransportContext context;
    private final Map<EventLoop, Lane> lanes;
    private final GatewayUrl url;
    private final DispatchEncoding encoding;
    private final byte[] hello;
    private final SessionOptions sessionOptions;
    private final long heartbeatLimitNanos;

    Gateway(GatewayConfig config, TransportContext context, Map<EventLoop, Lane> lanes, GatewayUrl url) {
        this.config = config;
        this.context = context;
        this.lanes = Map.copyOf(lanes);
        this.url = url;
        this.encoding = new DispatchEncoding(config.encoders());
        // The gateway has no resume yet, so nothing is kept for one and no session outlives its connection.
        this.sessionOptions =
                config.sessionOptions().toBuilder().resumeWindow(Duration.ZERO).build();
        this.hello = ControlMessages.hello(config.heartbeatInterval());
        this.heartbeatLimitNanos = config.heartbeatInterval().toNanos() * 3 / 2;
    }

    GatewayConfig config() {
        return config;
    }

    DispatchEncoding encoding() {
        return encoding;
    }

    byte[] hello() {
        return hello;
    }

    /** A client may be late by half an interval. */
    long heartbeatLimitNanos() {
        return heartbeatLimitNanos;
    }

    /** Opens a session on the lane of its connection's event loop; null if the engine takes no more. */
    @Nullable
    Attachment open(String user, EventLoop loop, GatewayConnection connection) {
        Lane lane = Objects.requireNonNull(lanes.get(loop), "a connection outside the gateway's event loops");
        return context.open(user, sessionOptions, lane, connection);
    }

    GatewayClient client(Session session, Identify identify) {
        return new GatewayClient(session, identify, config, context.blockingExecutor());
    }

    URI urlSeenBy(@Nullable String hostHeader) {
        return url.seenBy(hostHeader);
    }

    /** Asks the application who it is, where that may block; the answer arrives on the event loop. */
    void authenticate(IdentifyRequest request, EventExecutor loop, Consumer<Admission> onAnswer) {
        try {
            context.blockingExecutor().execute(() -> {
                Admission answer = ask(request);
                answerOn(loop, () -> onAnswer.accept(answer));
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("An identify is refused: the engine's executor for blocking code rejects tasks", e);
            onAnswer.accept(internalError());
        }
    }

    private static void answerOn(EventExecutor loop, Runnable answer) {
        try {
            loop.execute(answer);
        } catch (RejectedExecutionException e) {
            LOG.debug("An identify was answered after the gateway had closed", e);
        }
    }

    /** Whatever the application throws, an {@link Error} too, is answered: the client waits. */
    private Admission ask(IdentifyRequest request) {
        try {
            return Admission.of(config.authenticator().authenticate(request.identify()), request.shard());
        } catch (GatewayException e) {
            return new Admission.Refused(e.code(), e.reason());
        } catch (Throwable e) {
            logFailure(e, request.identify().token());
            return internalError();
        }
    }

    private static void logFailure(Throwable failure, String token) {
        if (mentions(failure, token)) {
            LOG.warn(
                    "The authenticator failed with {}, whose message holds the token and is left out",
                    failure.getClass().getName());
        } else {
            LOG.warn("The authenticator failed", failure);
        }
    }

    private static boolean mentions(Throwable failure, String token) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause()) {
            text.append(at).append('\n');
            for (Throwable suppressed : at.getSuppressed()) {
                text.append(suppressed).append('\n');
            }
        }
        return !token.isEmpty() && text.indexOf(token) >= 0;
    }

    private static Admission internalError() {
        return new Admission.Refused(GatewayCloseCode.UNKNOWN_ERROR, "internal error");
    }
}
