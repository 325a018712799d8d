package dev.guildhall.internal;

import dev.guildhall.SessionStats;

/** What a session holds at a moment. */
final class SessionSnapshot {
    private SessionSnapshot() {}

    /** On the session's lane. */
    static SessionStats onLane(LocalSession session) {
        LaneSessions sessions = session.lane().sessions;
        boolean isThere = session.slot != LaneSessions.NO_SLOT;
        SessionRing ring = isThere ? sessions.ring(session.slot) : null;
        return new SessionStats(
                session.id(),
                session.user(),
                session.lane().index(),
                session.isAttached(),
                isThere ? sessions.seq(session.slot) : 0,
                ring == null ? 0 : ring.backlog(),
                ring == null ? 0 : ring.backlogBytes(),
                ring == null ? 0 : ring.replay,
                session.inboxDepth(),
                session.commandsWaiting());
    }

    /** Without the session's lane: what any thread may read. */
    static SessionStats anywhere(LocalSession session) {
        return new SessionStats(
                session.id(),
                session.user(),
                session.lane().index(),
                session.isAttached(),
                0,
                0,
                0,
                0,
                session.inboxDepth(),
                session.commandsWaiting());
    }
}
