package dev.guildhall.transport.netty.internal;

/** What the gateway tells the handlers of a connection. */
enum PipelineEvent {
    /** The gateway ends, and so does this connection. */
    GOING_AWAY,
    /** The gateway wants its clients to connect to another one. */
    RECONNECT,
    /** The application wants to hear of the client. */
    HEARTBEAT,
    /** The client was asked to leave and has not. */
    DRAINED
}
