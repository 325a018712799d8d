package dev.guildhall;

/**
 * The answer to a blocking publish.
 *
 * @param outcome {@link Outcome#ORDERED}, or why the event was not taken
 * @param epoch the guild's epoch when the event was ordered; 0 when it was not
 * @param offset the event's place in the guild's log; -1 when it was not ordered
 */
public record Receipt(Outcome outcome, long epoch, long offset) {}
