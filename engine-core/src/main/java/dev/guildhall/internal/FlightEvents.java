package dev.guildhall.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * The events of {@link FlightLog}. Of each type one instance is asked whether the type is switched on, so that another is made only
 * to be recorded. They hold ids and figures and never a secret, a payload or anything that a client has chosen.
 */
@SuppressWarnings("UnusedVariable") // the recording reads the fields
final class FlightEvents {
    private static final LaneTurn LANE_TURN = new LaneTurn();
    private static final GuildTurn GUILD_TURN = new GuildTurn();
    private static final Overflow OVERFLOW = new Overflow();
    private static final Resume RESUME = new Resume();
    private static final GuildRestart GUILD_RESTART = new GuildRestart();

    private FlightEvents() {}

    @Name("dev.guildhall.LaneTurn")
    @Label("Lane Turn")
    @Category("Guildhall")
    @Description("A lane ran this long without letting others run")
    @Threshold("10 ms")
    @StackTrace(false)
    private static final class LaneTurn extends Event {
        @Label("Lane")
        int lane;

        @Label("Deliveries")
        long deliveries;
    }

    @Name("dev.guildhall.GuildTurn")
    @Label("Guild Turn")
    @Category("Guildhall")
    @Description("A guild's handler took this long for one message")
    @Threshold("10 ms")
    @StackTrace(false)
    private static final class GuildTurn extends Event {
        @Label("Guild")
        @Nullable
        String guild;

        @Label("Kind")
        @Description("The handler's method, or the class of the command")
        @Nullable
        String kind;
    }

    @Name("dev.guildhall.Overflow")
    @Label("Overflow")
    @Category("Guildhall")
    @Description("A session loses events, its connection or its life because it does not keep up")
    @StackTrace(false)
    private static final class Overflow extends Event {
        @Label("Session")
        @Nullable
        String session;

        @Label("Lane")
        int lane;

        @Label("Reason")
        @Description("The session's OverflowPolicy, or OVER_BUDGET")
        @Nullable
        String reason;

        @Label("Backlog Events")
        int events;

        @Label("Backlog Bytes")
        @DataAmount
        long bytes;
    }

    @Name("dev.guildhall.Resume")
    @Label("Resume")
    @Category("Guildhall")
    @Description("A client came back to its session, or was refused")
    @StackTrace(false)
    private static final class Resume extends Event {
        @Label("Session")
        @Description("Null if it is not known")
        @Nullable
        String session;

        @Label("Lane")
        @Description("Of the new connection")
        int lane;

        @Label("Result")
        @Description("RESUMED, or why not")
        @Nullable
        String result;

        @Label("Last Number")
        @Description("Of the last event that the client says it has")
        long lastSeq;

        @Label("Guilds Moved")
        @Description("Subscriptions that came along from another lane")
        int moved;
    }

    @Name("dev.guildhall.GuildRestart")
    @Label("Guild Restart")
    @Category("Guildhall")
    @Description("A guild's handler failed")
    @StackTrace(false)
    private static final class GuildRestart extends Event {
        @Label("Guild")
        @Nullable
        String guild;

        @Label("Epoch")
        @Description("That ends with the failure")
        long epoch;

        @Label("Cause")
        @Description("Class of the exception")
        @Nullable
        String cause;

        @Label("Failures")
        @Description("Within the restart period, this one included")
        int failures;

        @Label("Delay")
        @Description("Until it is started again; negative if it stays down")
        @Timespan(Timespan.MILLISECONDS)
        long delay;
    }

    static @Nullable Object laneTurnBegins() {
        if (!LANE_TURN.isEnabled()) {
            return null;
        }
        LaneTurn turn = new LaneTurn();
        turn.begin();
        return turn;
    }

    static void laneTurnEnds(Object begun, int lane, long deliveries) {
        LaneTurn turn = (LaneTurn) begun;
        turn.end();
        if (turn.shouldCommit()) {
            turn.lane = lane;
            turn.deliveries = deliveries;
            turn.commit();
        }
    }

    static @Nullable Object guildTurnBegins() {
        if (!GUILD_TURN.isEnabled()) {
            return null;
        }
        GuildTurn turn = new GuildTurn();
        turn.begin();
        return turn;
    }

    static void guildTurnEnds(Object begun, String guild, String kind) {
        GuildTurn turn = (GuildTurn) begun;
        turn.end();
        if (turn.shouldCommit()) {
            turn.guild = guild;
            turn.kind = kind;
            turn.commit();
        }
    }

    static void overflow(LocalSession session, String reason, int events, long bytes) {
        if (OVERFLOW.isEnabled()) {
            Overflow overflow = new Overflow();
            overflow.session = session.id();
            overflow.lane = session.lane().index();
            overflow.reason = reason;
            overflow.events = events;
            overflow.bytes = bytes;
            overflow.commit();
        }
    }

    static void resume(@Nullable LocalSession session, int lane, String result, long lastSeq, int moved) {
        if (RESUME.isEnabled()) {
            Resume resume = new Resume();
            resume.session = session == null ? null : session.id();
            resume.lane = lane;
            resume.result = result;
            resume.lastSeq = lastSeq;
            resume.moved = moved;
            resume.commit();
        }
    }

    static void guildRestart(Incarnation guild, Throwable cause, int failures, long delayMillis) {
        if (GUILD_RESTART.isEnabled()) {
            GuildRestart restart = new GuildRestart();
            restart.guild = guild.guildId();
            restart.epoch = guild.epoch();
            restart.cause = cause.getClass().getName();
            restart.failures = failures;
            restart.delay = delayMillis;
            restart.commit();
        }
    }
}
