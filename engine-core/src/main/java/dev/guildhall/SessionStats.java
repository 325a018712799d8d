package dev.guildhall;

/**
 * What a session holds at a moment, read on its lane.
 *
 * @param id of the session
 * @param user who it is
 * @param lane index of the lane that has it
 * @param attached whether a connection or a subscriber is there
 * @param lastSeq number of the last event that was written
 * @param backlogEvents events in its ring that were never written
 * @param backlogBytes nominal bytes of these
 * @param replayEvents events that were written and are kept until the client acknowledges them
 * @param inbox direct sends that the lane has not taken yet
 * @param commands commands of the client that have not run yet
 */
public record SessionStats(
        String id,
        String user,
        int lane,
        boolean attached,
        long lastSeq,
        int backlogEvents,
        long backlogBytes,
        int replayEvents,
        int inbox,
        int commands) {}
