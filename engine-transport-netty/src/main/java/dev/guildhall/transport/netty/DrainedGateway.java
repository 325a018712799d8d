package dev.guildhall.transport.netty;

/**
 * How a gateway was drained.
 *
 * @param connections that were there when it began
 * @param left of them, those that ended before they were closed: most because their clients went when they were asked
 * @param closed of them, those that were closed since they had not left in time
 * @param remaining of them, those that were not gone even then, a few seconds later
 */
public record DrainedGateway(int connections, int left, int closed, int remaining) {}
