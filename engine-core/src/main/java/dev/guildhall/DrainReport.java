package dev.guildhall;

/**
 * How an engine's end went.
 *
 * @param complete whether everything published was handed to its receivers within the time
 * @param sessionsClosed sessions that the drain closed
 * @param dropped events that those sessions held and never got
 */
public record DrainReport(boolean complete, long sessionsClosed, long dropped) {}
