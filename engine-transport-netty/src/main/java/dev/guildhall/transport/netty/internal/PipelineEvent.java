package dev.guildhall.transport.netty.internal;

/** What the gateway tells the handlers of a connection. */
enum PipelineEvent {
    /** The gateway ends, and so does this connection. */
    GOING_AWAY
}
