package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.OpcodeHandler;
import io.netty.channel.EventLoop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the client of one connection gets a session, comes back to one, uses it and leaves it, however it is connected.
 *
 * <pre>
 *  STRANGER ──identify──▶ AUTHENTICATING ──accepted──▶ IDENTIFIED
 *     │   ▲ └───resume──▶ RESUMING ──resumed───────────▲ │
 *     │   └─────refused──────┘                           │
 *     └────── mistake, time-out, goodbye, loss ──────────┴──▶ OVER
 * </pre>
 *
 * <p><b>Threads.</b> All on the connection's event loop, which is the session's lane. Only the authenticator runs elsewhere; its
 * answer comes back as a task of the loop and counts only if the phase is still AUTHENTICATING, or RESUMING. The session may come from
 * another lane; the engine moves it here before it answers.
 */
final class SessionEntry {

    /** What becomes of the client, as its connection has to tell it. On the event loop; what is called may not throw. */
    interface Client {
        /** The connection is about to be attached to the session, whose dispatches may be written from now on. */
        void resuming(Session session);

        /** The client has this session; the next dispatch, if it is new, is READY. */
        void identified(Session session);

        /** The session cannot be resumed: not now, or never. */
        void invalid(boolean mayTryAgain);

        /** The session cannot be resumed, since it was never sent what the client has. */
        void invalidSeq();

        /** The client may not come in. */
        void refused(GatewayCloseCode code, String reason);

        /** The engine takes nobody any more. */
        void goAway();

        /** The engine has let go of the connection, and written what it could. */
        void closed(int code, String reason);
    }

    private enum Phase {
        STRANGER,
        AUTHENTICATING,
        RESUMING,
        IDENTIFIED,
        OVER
    }

    private final Gateway gateway;
    private final EventLoop loop;
    private final GatewayConnection connection;
    private final Client client;
    private Phase phase = Phase.STRANGER;

    /** Under which host the client reached the gateway, which READY tells it to come back to. */
    private @Nullable String host;

    /** Null until the client has a session here. */
    private @Nullable GatewayClient present;

    private @Nullable Attachment attachment;

    SessionEntry(Gateway gateway, EventLoop loop, GatewayConnection connection, Client client) {
        this.gateway = gateway;
        this.loop = loop;
        this.connection = connection;
        this.client = client;
    }

    /** Once, before the client can ask for anything. */
    void reachedBy(@Nullable String hostHeader) {
        host = hostHeader;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /**
     * Asks for a new session, for a {@linkplain #requireStranger stranger}.
     *
     * @return false if too many do so at the moment; the client stays a stranger
     */
    boolean identify(IdentifyRequest request) {
        phase = Phase.AUTHENTICATING;
        boolean asked = gateway.authenticate(request, loop, answer -> admitted(request.identify(), answer));
        if (!asked) {
            phase = Phase.STRANGER;
        }
        return asked;
    }

    /** Asks for a session that is there, for a stranger. */
    void resume(ResumeMessage message) {
        phase = Phase.RESUMING;
        gateway.authorise(message, loop, found -> authorised(message.seq(), found));
    }

    /** Throws if the client has a session, or has asked for one. */
    void requireStranger() {
        if (phase != Phase.STRANGER) {
            throw new GatewayException(GatewayCloseCode.ALREADY_AUTHENTICATED, "identified already");
        }
    }

    /** The client has said what it has, with a heartbeat's data. */
    void acknowledge(JsonNode lastSeq) {
        Attachment engineSide = attachment;
        if (engineSide != null && lastSeq.isIntegralNumber() && lastSeq.canConvertToLong()) {
            engineSide.acknowledged(lastSeq.longValue());
        }
    }

    /**
     * Any message that is not the gateway's own.
     *
     * @throws GatewayException if there is nobody for it
     */
    void command(ClientMessage message) {
        OpcodeHandler handler = gateway.config().opcodes().get(message.op());
        if (handler == null && !Opcodes.FOR_THE_APPLICATION.contains(message.op())) {
            throw new GatewayException(GatewayCloseCode.UNKNOWN_OPCODE, "unknown opcode " + message.op());
        }
        GatewayClient known = present;
        if (known == null) {
            throw new GatewayException(GatewayCloseCode.NOT_AUTHENTICATED, "identify first");
        }
        if (handler != null && known.command(message.op(), handler, message.data()) == Outcome.RATE_LIMITED) {
            throw new GatewayException(GatewayCloseCode.RATE_LIMITED, "commands come too fast");
        }
    }

    /** The engine lets go of the connection. */
    void closedByEngine(CloseReason reason) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            client.closed(Objects.requireNonNull(present).closeCode(reason), reason.detail());
        }
    }

    /** The connection is over for the client's sake: the engine is told, whether the client may come back to its session. */
    void end(CloseReason reason) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        Attachment engineSide = attachment;
        if (engineSide == null) {
            return;
        }
        if (reason.kind() == CloseReason.Kind.CLIENT_LEFT) {
            engineSide.closed(reason);
        } else {
            engineSide.lost(reason);
        }
    }

    private void authorised(long seq, @Nullable GatewayClient found) {
        if (phase != Phase.RESUMING) {
            return;
        }
        if (found == null) {
            phase = Phase.STRANGER;
            client.invalid(false);
        } else {
            client.resuming(found.session());
            gateway.resume(found, seq, loop, connection, result -> answered(found, result));
        }
    }

    private void answered(GatewayClient resumed, ResumeResult result) {
        switch (result) {
            case ResumeResult.Resumed(Attachment engineSide) -> resumed(resumed, engineSide);
            case ResumeResult.Refused(ResumeResult.Reason reason) -> {
                if (phase == Phase.RESUMING) {
                    phase = Phase.STRANGER;
                    refused(reason);
                }
            }
        }
    }

    private void resumed(GatewayClient resumed, Attachment engineSide) {
        if (phase != Phase.RESUMING) { // this connection has ended meanwhile, and the client may come back with another
            engineSide.lost(CloseReason.CONNECTION_LOST);
            return;
        }
        resumed.attach(connection, engineSide);
        connection.attach(engineSide);
        identified(resumed, engineSide);
    }

    private void refused(ResumeResult.Reason reason) {
        switch (reason) {
            case SEQ_AHEAD, SEQ_INVALID -> client.invalidSeq();
            case ENGINE_CLOSED -> client.goAway();
            case OVERLOADED -> client.invalid(true);
            case UNKNOWN, EXPIRED, SEQ_TRIMMED, EVENTS_LOST -> client.invalid(false);
        }
    }

    private void admitted(Identify identify, Admission answer) {
        if (phase != Phase.AUTHENTICATING) {
            return;
        }
        switch (answer) {
            case Admission.Refused refused -> client.refused(refused.code(), refused.reason());
            case Admission.Welcome welcome -> open(identify, welcome);
        }
    }

    private void open(Identify identify, Admission.Welcome welcome) {
        GatewayClient opened = gateway.open(welcome.user(), identify, loop, connection);
        if (opened == null) {
            client.goAway();
            return;
        }
        Session session = opened.session();
        identified(opened, opened.attachment());
        session.send(Event.of("READY", welcome.ready().of(session.id(), gateway.urlSeenBy(host))));
        opened.ready();
    }

    private void identified(GatewayClient known, Attachment engineSide) {
        phase = Phase.IDENTIFIED;
        present = known;
        attachment = engineSide;
        client.identified(known.session());
    }

    @Override
    public String toString() {
        return "SessionEntry[" + phase + "]";
    }
}
