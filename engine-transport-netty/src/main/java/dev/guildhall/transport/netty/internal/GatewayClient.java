package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Mailbox;
import dev.guildhall.Session;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.OpcodeHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The application's side of one identified client: its listener and opcode handlers run here, one at a time.
 *
 * <p><b>Threads.</b> {@link #ready}, {@link #command} and {@link #ended} are called on the connection's event loop, in this
 * order, {@code ended} last and once; what they offer to the mailbox runs on the engine's executor for blocking code.
 * {@link #close} is called by anyone; {@code closing} is set once, by CAS, and read by the mailbox and the event loop.
 *
 * <p><b>Bound.</b> The mailbox has two places more than commands may wait, kept for onReady and onClose, so these are never
 * refused. The event loop is the only one that offers, so the backlog it reads can only have shrunk since.
 */
final class GatewayClient implements GatewaySession {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayClient.class);
    private static final VarHandle CLOSING;
    private static final int PLACES_FOR_LISTENER = 2;
    private static final int SMALLEST_MAILBOX = 16;

    static {
        try {
            CLOSING = MethodHandles.lookup().findVarHandle(GatewayClient.class, "closing", Closing.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the application closed the session with; its reason finds it again when the engine closes the connection. */
    private record Closing(CloseReason reason, GatewayCloseCode code) {}

    /** A call of application code. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private final Session session;
    private final Identify identify;
    private final GatewayListener listener;
    private final int commandBacklog;
    private final Mailbox<Runnable> mailbox;
    private volatile @Nullable Closing closing;

    GatewayClient(Session session, Identify identify, GatewayConfig config, Executor blockingExecutor) {
        this.session = session;
        this.identify = identify;
        this.listener = config.listener();
        this.commandBacklog = config.commandBacklog();
        this.mailbox = Mailbox.create(
                Math.max(SMALLEST_MAILBOX, commandBacklog + PLACES_FOR_LISTENER), blockingExecutor, Runnable::run);
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public String user() {
        return session.user();
    }

    @Override
    public Identify identify() {
        return identify;
    }

    @Override
    public void close(GatewayCloseCode code, String reason) {
        Closing mine = new Closing(new CloseReason(CloseReason.Kind.REQUESTED, reason), code);
        if (CLOSING.compareAndSet(this, null, mine)) {
            session.close(mine.reason);
        }
    }

    @Override
    public String toString() {
        return "GatewaySession[user=" + user() + "]";
    }

    /** READY is queued: the application's turn. */
    void ready() {
        mailbox.offer(() -> guarded("onReady", () -> listener.onReady(this)));
    }

    /**
     * A command for the application.
     *
     * @return false if too many wait
     */
    boolean command(int op, OpcodeHandler handler, JsonNode data) {
        if (mailbox.backlog() >= commandBacklog) {
            return false;
        }
        mailbox.offer(() -> {
            if (closing == null) {
                guarded("opcode " + op, () -> handler.handle(this, data));
            }
        });
        return true;
    }

    /** The session ended: the last call of the application. */
    void ended(CloseReason reason) {
        mailbox.offer(() -> guarded("onClose", () -> listener.onClose(this, reason)));
        mailbox.close();
    }

    /** The close code for a session that the engine ended. */
    int closeCode(CloseReason reason) {
        Closing present = closing;
        return present != null && present.reason.equals(reason) ? present.code.code() : CloseCodes.of(reason.kind());
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
