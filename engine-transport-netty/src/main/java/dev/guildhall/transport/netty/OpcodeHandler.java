package dev.guildhall.transport.netty;

import tools.jackson.databind.JsonNode;

/** Handles one kind of message that an identified client sends. */
@FunctionalInterface
public interface OpcodeHandler {

    /**
     * Handles a message. Called for one message of a session at a time, in the order they were sent, never at the same time
     * as the session's {@link GatewayListener}; on the engine's executor for blocking code, so it may block.
     *
     * @param session who sent it; it may have ended since
     * @param data the message's {@code d}; a JSON null if there was none
     * @throws GatewayException to close the client with a code
     * @throws Exception anything else is logged at WARN without the message and closes the client with
     *     {@link GatewayCloseCode#UNKNOWN_ERROR}
     */
    void handle(GatewaySession session, JsonNode data) throws Exception;
}
