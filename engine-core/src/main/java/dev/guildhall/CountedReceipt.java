package dev.guildhall;

import java.util.concurrent.CompletionStage;

/**
 * The answer to {@link Guild#publishCounted}.
 *
 * @param receipt the event's place, or why it has none
 * @param deliveries completes with the number of sessions that the event was delivered to, when all lanes have passed it; 0 if it was
 *     not ordered. Sessions that move to another lane just then, and lanes that stand still for too long, are not counted
 */
public record CountedReceipt(Receipt receipt, CompletionStage<Long> deliveries) {}
