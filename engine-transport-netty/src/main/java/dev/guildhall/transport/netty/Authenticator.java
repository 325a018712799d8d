package dev.guildhall.transport.netty;

/** The application's answer to "who is this?". */
@FunctionalInterface
public interface Authenticator {

    /**
     * Decides about one identify. Called on the engine's executor for blocking code, a virtual thread by default, so it may
     * block; several connections are asked about at the same time, one connection never twice at once.
     *
     * @param identify what the client sent
     * @return who it is, or why it is refused
     * @throws Exception if it cannot tell; logged at WARN without what the client sent, and the client is closed with
     *     {@link GatewayCloseCode#UNKNOWN_ERROR}, after which it may try again. A {@link GatewayException} closes the client
     *     with its code instead
     */
    Authentication authenticate(Identify identify) throws Exception;
}
