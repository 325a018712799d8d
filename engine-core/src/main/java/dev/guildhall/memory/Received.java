package dev.guildhall.memory;

import dev.guildhall.Event;

/**
 * What an in-memory client was sent.
 *
 * @param event the event, shared with other receivers
 * @param seq its sequence number in the session: 1 for the first
 */
public record Received(Event event, long seq) {}
