package dev.guildhall.transport.netty.internal;

import dev.guildhall.Lane;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.Resume;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the clients of one running gateway share. Immutable but for {@code clients}, which has the client of each session that is not
 * over, by the session's id: an event loop adds it, the session's last call takes it out.
 */
final class Gateway {
    /** What a client is told that comes while none is let in. */
    static final String NOT_READY = "this gateway takes no clients now";

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewayConfig config;
    private final TransportContext context;
    private final Map<EventLoop, Lane> lanes;
    private final GatewayUrl url;
    private final Compression compression;
    private final MessageBounds bounds;
    private final EventStreams streams;
    private final byte[] hello;
    private final ConcurrentMap<String, GatewayClient> clients = new ConcurrentHashMap<>();
    private final Revocation revocation = new Revocation();
    private final OtherRequests others;

    /** One permit for each client that the authenticator may still be asked about. */
    private final Semaphore identifying;

    private final AtomicBoolean ready;
    private final long heartbeatLimitNanos;

    /**
     * @param ready whether clients are let in
     */
    Gateway(
            GatewayConfig config,
            TransportContext context,
            Map<EventLoop, Lane> lanes,
            GatewayUrl url,
            AtomicBoolean ready) {
        this.config = config;
        this.context = context;
        this.lanes = Map.copyOf(lanes);
        this.url = url;
        this.ready = ready;
        this.others = new OtherRequests(this);
        this.identifying = new Semaphore(config.security().limits().maxIdentifying());
        this.compression = new Compression(
                config.compression(),
                Arrays.stream(MessageEncoding.values())
                        .filter(MessageEncoding::isServed)
                        .map(encoding -> new DispatchEncoding(config.encoders(), encoding))
                        .toArray(DispatchEncoding[]::new));
        this.bounds = MessageBounds.of(
                config.maxInboundBytes(), config.security().limits().maxFragments());
        this.streams = new EventStreams(this, new EventStreamEncoding(compression.json()));
        this.hello = ControlMessages.hello(config.heartbeatInterval());
        this.heartbeatLimitNanos = config.heartbeatInterval().toNanos() * 3 / 2;
    }

    GatewayConfig config() {
        return config;
    }

    Compression compression() {
        return compression;
    }

    MessageBounds bounds() {
        return bounds;
    }

    EventStreams streams() {
        return streams;
    }

    OtherRequests others() {
        return others;
    }

    /** Whether clients are let in. */
    boolean isReady() {
        return ready.get();
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
    GatewayClient open(String user, Identify identify, EventLoop loop, GatewayConnection connection) {
        GatewayClient client = new GatewayClient(identify, config.listener(), clients::remove);
        Attachment attachment = context.open(user, config.sessionOptions(), lane(loop), connection, client);
        if (attachment == null) {
            return null;
        }
        client.attach(connection, attachment);
        connection.attach(attachment);
        clients.put(attachment.session().id(), client);
        return client;
    }

    private Lane lane(EventLoop loop) {
        return Objects.requireNonNull(lanes.get(loop), "a connection outside the gateway's event loops");
    }

    /** Asks the application whether a client may go on with the session it names; null arrives on the event loop if not. */
    void authorise(ResumeMessage message, EventExecutor loop, Consumer<@Nullable GatewayClient> onAnswer) {
        GatewayClient client = clients.get(message.sessionId());
        if (client == null) {
            onAnswer.accept(null);
            return;
        }
        runBlocking(
                () -> {
                    boolean may = mayResume(client, message.resume());
                    answerOn(loop, () -> onAnswer.accept(may ? client : null));
                },
                () -> onAnswer.accept(null));
    }

    private boolean mayResume(GatewayClient client, Resume resume) {
        try {
            return config.authenticator().mayResume(client, resume);
        } catch (GatewayException e) {
            return false;
        } catch (Throwable e) {
            logFailure(e, resume.token());
            return false;
        }
    }

    /** Attaches the connection to the session; the answer arrives on the event loop. */
    void resume(
            GatewayClient client,
            long seq,
            EventLoop loop,
            GatewayConnection connection,
            Consumer<ResumeResult> onAnswer) {
        context.resume(client.resumeRequest(seq), lane(loop), connection, onAnswer);
    }

    URI urlSeenBy(@Nullable String hostHeader) {
        return url.seenBy(hostHeader);
    }

    /**
     * Asks the application who it is, where that may block; the answer arrives on the event loop.
     *
     * @return false if it is asked about as many as it may already, and no answer comes
     */
    boolean authenticate(IdentifyRequest request, EventExecutor loop, Consumer<Admission> onAnswer) {
        if (!identifying.tryAcquire()) {
            return false;
        }
        Revocation.Pending pending = revocation.begin();
        Consumer<Admission> settled = answer -> {
            try {
                onAnswer.accept(pending.revises(answer)); // opens the session, if it is to be
            } finally {
                revocation.end(pending);
            }
            if (answer instanceof Admission.Welcome welcome && pending.isRevoked(welcome.user())) {
                invalidateTokens(welcome.user());
            }
        };
        runBlocking(
                () -> {
                    Admission answer;
                    try {
                        answer = ask(request);
                    } finally {
                        identifying.release();
                    }
                    if (!answerOn(loop, () -> settled.accept(answer))) {
                        revocation.end(pending);
                    }
                },
                () -> {
                    identifying.release();
                    settled.accept(internalError());
                });
        return true;
    }

    /** Ends the sessions of a user, those too that were admitted but are not open yet. Answers how many were open. */
    int invalidateTokens(String user) {
        revocation.revoke(user);
        int ended = 0;
        for (GatewayClient client : clients.values()) {
            if (client.user().equals(user)) {
                client.close(Revocation.CODE, Revocation.REASON);
                ended++;
            }
        }
        return ended;
    }

    void runBlocking(Runnable task, Runnable rejected) {
        try {
            context.blockingExecutor().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.warn("A request of a client is refused: the engine's executor for blocking code rejects tasks", e);
            rejected.run();
        }
    }

    static boolean answerOn(EventExecutor loop, Runnable answer) {
        try {
            loop.execute(answer);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("A client's request was answered after the gateway had closed", e);
            return false;
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
