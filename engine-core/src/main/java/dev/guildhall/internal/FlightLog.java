package dev.guildhall.internal;

import dev.guildhall.spi.ResumeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the engine tells a flight recording of the JDK. While none is running, or the event is switched off in it, a call
 * reads a flag and allocates nothing. Runs also on a Java without the module {@code jdk.jfr}, and then does nothing: {@link FlightEvents}
 * is not loaded there.
 */
final class FlightLog {
    private static final boolean IS_THERE = isThere();

    private FlightLog() {}

    private static boolean isThere() {
        try {
            Class.forName("jdk.jfr.Event", false, FlightLog.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** A lane's turn begins; null if nobody wants to know. */
    static @Nullable Object laneTurnBegins() {
        return IS_THERE ? FlightEvents.laneTurnBegins() : null;
    }

    /** It is over. */
    static void laneTurnEnds(@Nullable Object turn, int lane, long deliveries) {
        if (turn != null) {
            FlightEvents.laneTurnEnds(turn, lane, deliveries);
        }
    }

    /** A guild's turn begins; null if nobody wants to know. */
    static @Nullable Object guildTurnBegins() {
        return IS_THERE ? FlightEvents.guildTurnBegins() : null;
    }

    /** It is over. */
    static void guildTurnEnds(@Nullable Object turn, String guild, String kind) {
        if (turn != null) {
            FlightEvents.guildTurnEnds(turn, guild, kind);
        }
    }

    /** A session's backlog is at a bound, or the engine over its budget and the session has to pay. */
    static void overflow(LocalSession session, String reason, int events, long bytes) {
        if (IS_THERE) {
            FlightEvents.overflow(session, reason, events, bytes);
        }
    }

    /** A client came back, or was refused: then {@code session} may be unknown. */
    static void resume(@Nullable LocalSession session, ResumeRequest request, int lane, String result, int moved) {
        if (IS_THERE) {
            FlightEvents.resume(session, lane, result, request.lastSeq(), moved);
        }
    }

    /** A guild's handler failed and is started again after a delay, or stays down: then the delay is negative. */
    static void guildRestart(Incarnation guild, Throwable cause, int failures, long delayMillis) {
        if (IS_THERE) {
            FlightEvents.guildRestart(guild, cause, failures, delayMillis);
        }
    }
}
