package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The engine's end of one connection of a session. The transport's threads raise {@code acknowledged} and set {@code loss} once,
 * both by CAS, and mark the session, whose turn reads them; {@code goodbye} is set before the loss. The lane is told of a loss, so that a walk which
 * writes without turns looks at links until the session has a turn. A session that was resumed has a new link and looks at no other.
 *
 * <p><b>Proofs</b> (jcstress, {@code SessionLinkProof}): no acknowledgement is lost, and a turn that sees a goodbye's loss sees the goodbye; a lane that
 * has taken its marks has the session's turn before it, or knows of a loss.
 */
final class SessionLink implements Attachment {
    private static final VarHandle ACKNOWLEDGED;
    private static final VarHandle LOSS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ACKNOWLEDGED = lookup.findVarHandle(SessionLink.class, "acknowledged", long.class);
            LOSS = lookup.findVarHandle(SessionLink.class, "loss", CloseReason.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Connection connection;
    private final LocalSession session;
    private volatile long acknowledged;
    private volatile @Nullable CloseReason loss;
    private volatile boolean goodbye;

    SessionLink(LocalSession session, Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public String secret() {
        return session.secret();
    }

    @Override
    public void writable() {
        session.mark();
    }

    @Override
    public void acknowledged(long seq) {
        long present = acknowledged;
        while (seq > present) {
            if (ACKNOWLEDGED.compareAndSet(this, present, seq)) {
                session.mark();
                return;
            }
            present = acknowledged;
        }
    }

    @Override
    public Outcome command(Runnable command) {
        return loss == null && session.isAttachedTo(this) ? session.command(command) : Outcome.CLOSED;
    }

    @Override
    public void lost(CloseReason reason) {
        if (LOSS.compareAndSet(this, null, reason)) {
            session.linkLost();
        }
    }

    @Override
    public void closed(CloseReason reason) {
        goodbye = true;
        lost(reason);
    }

    /** The largest number that was acknowledged since the last call, or 0. */
    long takeAcknowledged() {
        return acknowledged == 0 ? 0 : (long) ACKNOWLEDGED.getAndSet(this, 0L);
    }

    /** Why the link is gone, or null. */
    @Nullable
    CloseReason loss() {
        return loss;
    }

    /** Whether the link is gone for good, so that nobody will resume the session. */
    boolean isGoodbye() {
        return loss != null && goodbye;
    }

    @Override
    public String toString() {
        return "Attachment[" + session + "]";
    }
}
