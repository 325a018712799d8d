package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayStats.Refusal;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the PROXY header with which a connection has to begin, and then for nothing more. One event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed close by closing the channel
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

    /** What proxies add of their own, such as names of networks and hosts. */
    private static final int MOST_EXTRA_BYTES = 2048;

    private final Visit visit;
    private final Runnable andThen;
    private boolean refused;

    /**
     * @param andThen sets the rest of the pipeline up when the address is known
     */
    ProxyHeader(Visit visit, Runnable andThen) {
        this.visit = visit;
        this.andThen = andThen;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), null, new HAProxyMessageDecoder(MOST_EXTRA_BYTES, true));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message); // behind a header that is none
            return;
        }
        try {
            InetAddress client = addressIn(header);
            if (client != null) {
                ClientAddress.set(ctx.channel(), client);
            }
        } finally {
            header.release();
        }
        ctx.pipeline().remove(this);
        andThen.run();
    }

    /** Null if the proxy speaks for itself, as it does to see whether the gateway is there, or for what is not IP. */
    private static @Nullable InetAddress addressIn(HAProxyMessage header) {
        String address = header.sourceAddress();
        return header.command() == HAProxyCommand.LOCAL || address == null
                ? null
                : NetUtil.createInetAddressFromIpAddressString(address);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == PipelineEvent.GOING_AWAY || event == PipelineEvent.DRAINED) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} does not begin with a PROXY header", ctx.channel(), cause);
        if (!refused && cause instanceof DecoderException) {
            refused = true;
            visit.refused(Refusal.PROXY_HEADER);
        }
        ctx.close();
    }
}
