package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import java.util.IdentityHashMap;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A lane's sessions that wait to be resumed, and until when. Each has at most one place in the queue, however often it goes and
 * comes back: it keeps its place until that is due, and gets a new one then if it is away again. Lane only.
 */
final class Absences {
    private final IdentityHashMap<LocalSession, Absence> absences = new IdentityHashMap<>();
    private final PriorityQueue<Absence> queue = new PriorityQueue<>((one, other) -> Long.signum(one.due - other.due));

    private static final class Absence {
        @Nullable
        LocalSession session;

        boolean away;
        long until;
        long due;
    }

    /** The session is away from now on. */
    void begin(LocalSession session, long untilNanos) {
        Absence absence = absences.get(session);
        if (absence == null) {
            absence = new Absence();
            absence.session = session;
            absence.due = untilNanos;
            absences.put(session, absence);
            queue.add(absence);
        }
        absence.away = true;
        absence.until = untilNanos;
    }

    /** The session is back. */
    void end(LocalSession session) {
        Absence absence = absences.get(session);
        if (absence != null) {
            absence.away = false;
        }
    }

    /** The session has ended or belongs to another lane. */
    void forget(LocalSession session) {
        Absence absence = absences.remove(session);
        if (absence != null) {
            absence.away = false;
            absence.session = null;
        }
    }

    /** Asks those to end that were away for too long. */
    void expire(long nowNanos) {
        for (Absence first = queue.peek(); first != null && first.due - nowNanos <= 0; first = queue.peek()) {
            queue.remove();
            LocalSession session = first.session;
            if (session == null) {
                continue;
            }
            if (first.away && first.until - nowNanos > 0) {
                first.due = first.until;
                queue.add(first);
                continue;
            }
            absences.remove(session);
            if (first.away) {
                session.close(CloseReason.RESUME_EXPIRED);
            }
        }
    }

    /** Asks all that are away to end. */
    void endAll(CloseReason reason) {
        for (Absence absence : queue) {
            if (absence.away && absence.session != null) {
                absence.session.close(reason);
            }
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** When {@link #expire} has something to do next. */
    long nextDue() {
        return queue.element().due;
    }

    @Override
    public String toString() {
        return "Absences[" + queue.size() + "]";
    }
}
