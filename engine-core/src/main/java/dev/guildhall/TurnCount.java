package dev.guildhall;

/**
 * What one kind of message has cost a guild's handler, since the guild began.
 *
 * @param message {@code onStart}, {@code onSubscribe}, {@code onPublish}, {@code onTick}, {@code onStop}, or the simple name of a command's
 *     class
 * @param count how many calls have ended
 * @param totalNanos time in all of them, blocking included
 * @param longestNanos time of the longest
 */
public record TurnCount(String message, long count, long totalNanos, long longestNanos) {}
