package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.OpcodeHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The application's side of one identified client, for as long as its session lives: its listener and opcode handlers run here.
 *
 * <p><b>Threads.</b> The event loop of the client's connection, which changes when the client comes back on another one, calls
 * {@link #attach}, {@link #ready} and {@link #command}. What they ask for, and {@link #onClosed}, run one at a time and in order as
 * commands and listener calls of the session, on the engine's executor for blocking code; {@code isReady} is theirs. {@link #close}
 * is called by anyone; {@code closing} is set once, by CAS.
 */
final class GatewayClient implements GatewaySession, SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayClient.class);
    private static final VarHandle CLOSING;

    static {
        try {
            CLOSING = MethodHandles.lookup().findVarHandle(GatewayClient.class, "closing", Closing.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the application closed the session with; its reason finds it again when the engine closes the connection. */
    private record Closing(CloseReason reason, GatewayCloseCode code) {}

    /** The newest connection and the engine's end of it. */
    private record Link(GatewayConnection connection, Attachment attachment) {}

    /** A call of application code. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private final Identify identify;
    private final GatewayListener listener;
    private final Consumer<String> forget;
    private volatile @Nullable Link link;
    private volatile @Nullable Closing closing;
    private boolean isReady;

    /**
     * @param forget told the session's id when the session is over
     */
    GatewayClient(Identify identify, GatewayListener listener, Consumer<String> forget) {
        this.identify = identify;
        this.listener = listener;
        this.forget = forget;
    }

    private Link link() {
        return Objects.requireNonNull(link, "a client without a session");
    }

    @Override
    public Session session() {
        return link().attachment.session();
    }

    @Override
    public String user() {
        return session().user();
    }

    @Override
    public Identify identify() {
        return identify;
    }

    @Override
    public void close(GatewayCloseCode code, String reason) {
        Closing mine = new Closing(new CloseReason(CloseReason.Kind.REQUESTED, reason), code);
        if (CLOSING.compareAndSet(this, null, mine)) {
            session().close(mine.reason);
        }
    }

    @Override
    public void reconnect() {
        link().connection.requestReconnect();
    }

    @Override
    public void requestHeartbeat() {
        link().connection.requestHeartbeat();
    }

    @Override
    public String toString() {
        return "GatewaySession[user=" + user() + "]";
    }

    // --- event loop

    /** The session was opened with this connection, or has come back with it. */
    void attach(GatewayConnection connection, Attachment attachment) {
        link = new Link(connection, attachment);
    }

    Attachment attachment() {
        return link().attachment;
    }

    /** READY is queued: the application's turn, unless the session ends before it comes. */
    void ready() {
        link().attachment.command(() -> {
            isReady = true;
            guarded("onReady", () -> listener.onReady(this));
        });
    }

    /** A command for the application. If too many wait, the session is closed. */
    Outcome command(int op, OpcodeHandler handler, JsonNode data) {
        return link().attachment.command(() -> {
            if (closing == null) {
                guarded("opcode " + op, () -> handler.handle(this, data));
            }
        });
    }

    /** What the client would have to say to come back, if it were asked for the secret. */
    ResumeRequest resumeRequest(long seq) {
        Attachment attachment = link().attachment;
        return new ResumeRequest(attachment.session().id(), attachment.secret(), seq, user());
    }

    /** The close code for a session that the engine ended. */
    int closeCode(CloseReason reason) {
        Closing present = closing;
        return present != null && present.reason.equals(reason) ? present.code.code() : CloseCodes.of(reason.kind());
    }

    // --- the session's calls

    @Override
    public void onClosed(Session session, CloseReason reason) {
        forget.accept(session.id());
        if (isReady) {
            guarded("onClose", () -> listener.onClose(this, reason));
        }
    }

    /** Whatever the application throws ends this session only, an {@link Error} too: onClose must still run. */
    private void guarded(String what, Call call) {
        try {
            call.run();
        } catch (GatewayException e) {
            close(e.code(), e.reason());
        } catch (Throwable e) {
            LOG.warn("{} failed; closing the session of {}", what, user(), e);
            close(GatewayCloseCode.UNKNOWN_ERROR, "internal error");
        }
    }
}
