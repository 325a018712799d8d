package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts a client that begins another TLS handshake on its connection. TLS 1.2 lets it, each costs the server a signature, and no other limit
 * counts them; OpenSSL refuses by itself. One event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class OneTlsHandshake extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(OneTlsHandshake.class);

    private final SslHandler tls;

    OneTlsHandshake(SslHandler tls) {
        this.tls = tls;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (tls.handshakeFuture().isSuccess() && tls.engine().getHandshakeSession() != null) {
            LOG.debug("Closing {}, which begins another TLS handshake", ctx.channel());
            ctx.close();
        } else {
            ctx.fireChannelReadComplete();
        }
    }
}
