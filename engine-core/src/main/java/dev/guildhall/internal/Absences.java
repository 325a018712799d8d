package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * A lane's sessions that wait to be resumed, and until when. A session that comes back, ends or moves leaves nothing behind,
 * however often it goes and comes. Lane only.
 */
final class Absences {
    private final IdentityHashMap<LocalSession, Absence> absences = new IdentityHashMap<>();
    private final TreeSet<Absence> byDue = new TreeSet<>();

    private record Absence(LocalSession session, long due) implements Comparable<Absence> {

        /** By difference, as values of {@code nanoTime} are. */
        @Override
        public int compareTo(Absence other) {
            return due == other.due
                    ? Long.compare(session.number(), other.session.number())
                    : Long.signum(due - other.due);
        }
    }

    /** The session is away from now on. */
    void begin(LocalSession session, long untilNanos) {
        end(session);
        Absence absence = new Absence(session, untilNanos);
        absences.put(session, absence);
        byDue.add(absence);
    }

    /** The session is back, has ended or belongs to another lane. */
    void end(LocalSession session) {
        Absence absence = absences.remove(session);
        if (absence != null) {
            byDue.remove(absence);
        }
    }

    /** Asks those to end that were away for too long. */
    void expire(long nowNanos) {
        while (!byDue.isEmpty() && nextDue() - nowNanos <= 0) {
            LocalSession session = byDue.first().session;
            end(session);
            session.close(CloseReason.RESUME_EXPIRED);
        }
    }

    /** Asks all that are away to end. */
    void endAll(CloseReason reason) {
        List.copyOf(byDue).forEach(absence -> absence.session.close(reason));
    }

    boolean isEmpty() {
        return byDue.isEmpty();
    }

    /** When {@link #expire} has something to do next. */
    long nextDue() {
        return byDue.first().due;
    }

    @Override
    public String toString() {
        return "Absences[" + byDue.size() + "]";
    }
}
