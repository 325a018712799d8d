package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.Mount;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Mounts a gateway in a Netty server of the application's. Add it after the {@code HttpServerCodec} of each connection and before whatever
 * aggregates or answers requests; one instance serves all pipelines.
 *
 * <p>Requests for other paths pass through. The first one for the gateway's path takes the connection over: handlers behind this one see no
 * more messages of it, those between the codec and this one have to let WebSocket frames pass. A handler of theirs that looks at what is
 * written costs the direct way to the socket ({@link GatewayStats.WritePath#SOCKET}).
 *
 * <p>The connection's event loop must be one of those given to {@link NettyTransportBuilder#eventLoops(io.netty.channel.IoEventLoopGroup)},
 * because sessions live on them. Where it is not, or where there is no codec, adding the handler fails with an
 * {@link IllegalStateException} that says so, and the connection is closed.
 *
 * <p>Before the engine has opened, while the gateway is drained and when it has ended, requests for the gateway are answered with 503. The
 * application closes its own listening socket; the engine closes the gateway's connections.
 */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed close by closing the channel
public final class GatewayHandler extends ChannelInboundHandlerAdapter {
    private final Mount mount;

    /**
     * A handler for any number of pipelines.
     *
     * @param transport built with {@link NettyTransportBuilder#mounted}
     * @throws IllegalStateException if the gateway has a port of its own
     */
    public GatewayHandler(NettyTransport transport) {
        mount = transport.mount();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        try {
            mount.check(ctx);
        } catch (IllegalStateException e) {
            ctx.close();
            throw e;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!mount.takes(ctx, message)) {
            ctx.fireChannelRead(message);
        }
    }
}
