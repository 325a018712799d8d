package dev.guildhall.internal;

import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.Session;

/**
 * What a lane does with a guild, step by step, for a benchmark whose thread runs the lane: so the walk can be timed without the
 * turns of the sessions that it marks. In this package because nobody else may do this to a lane.
 */
public final class LaneSteps {
    private final LocalLane lane;
    private final GuildLane guildLane;

    /** Steps of a lane that runs on the caller's thread. */
    public LaneSteps(Lane lane, Guild guild) {
        this.lane = (LocalLane) lane;
        this.guildLane = ((LocalGuild) guild).guildLane(this.lane);
    }

    /** Walks everything that was published, in the lane's own pieces, and gives no session a turn; answers the deliveries. */
    public long walk() {
        long delivered = 0;
        do {
            delivered += guildLane.walk() - 1;
        } while (guildLane.hasMoreOrClean());
        return delivered;
    }

    /** Whether no session waits for a turn. */
    public boolean noneReady() {
        return lane.sessions.noneReady();
    }

    /** Gives the session a turn when the lane runs, as its transport could, but without handing anything to the lane. */
    public void ready(Session session) {
        lane.sessions.ready((LocalSession) session);
    }
}
