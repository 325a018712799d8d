package dev.guildhall.transport.netty.internal;

import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * How large and how scattered the messages of a client may be. One for all connections of a gateway.
 *
 * @param maxBytes of a message, inflated or not
 * @param maxFrames of a message
 * @param plain frames of connections without permessage-deflate
 * @param deflated frames of the others, whose reserved bits {@link MessageReader} looks at
 */
record MessageBounds(int maxBytes, int maxFrames, WebSocketDecoderConfig plain, WebSocketDecoderConfig deflated) {

    static MessageBounds of(int maxBytes, int maxFrames) {
        return new MessageBounds(maxBytes, maxFrames, frames(maxBytes, false), frames(maxBytes, true));
    }

    private static WebSocketDecoderConfig frames(int maxBytes, boolean allowExtensions) {
        return WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxBytes)
                .allowExtensions(allowExtensions)
                .closeOnProtocolViolation(false)
                .build();
    }

    WebSocketDecoderConfig frames(boolean isDeflated) {
        return isDeflated ? deflated : plain;
    }
}
