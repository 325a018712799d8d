package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code X-Forwarded-For} of a connection's first request, if a proxy that is trusted has sent it, and counts the connection for the
 * client's address. Each proxy appends the address it was connected from; so those before the last one that is not trusted are whatever the
 * client likes. One event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class ForwardedFor extends ChannelInboundHandlerAdapter {
    private static final String HEADER = "x-forwarded-for";

    private final Networks trusted;
    private final ConnectionLimits limits;
    private boolean refused;

    ForwardedFor(Networks trusted, ConnectionLimits limits) {
        this.trusted = trusted;
        this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request
                && request.decoderResult().isSuccess()) {
            begin(ctx, request);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        InetAddress client = client(ClientAddress.of(ctx.channel()), request.headers());
        if (client != null) {
            ClientAddress.set(ctx.channel(), client);
        }
        if (limits.enterAddress(ctx.channel())) {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(request);
        } else {
            refused = true;
            ReferenceCountUtil.release(request);
            HttpAnswer.send(
                    ctx, HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.TOO_MANY_REQUESTS, "too many connections"));
        }
    }

    /** What cannot be read ends the way back: the proxy that passed it on is the last that is known. */
    private @Nullable InetAddress client(@Nullable InetAddress peer, HttpHeaders headers) {
        List<String> hops = headers.getAll(HEADER).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .toList();
        InetAddress client = peer;
        for (String hop : hops.reversed()) {
            if (!trusted.contain(client)) {
                return client;
            }
            InetAddress before = addressOf(hop.strip());
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    /** Some proxies add the port; an IPv6 address has brackets then. */
    private static @Nullable InetAddress addressOf(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? null : NetUtil.createInetAddressFromIpAddressString(hop.substring(1, end));
        }
        int colon = hop.indexOf(':');
        boolean hasPort = colon >= 0 && colon == hop.lastIndexOf(':');
        return NetUtil.createInetAddressFromIpAddressString(hasPort ? hop.substring(0, colon) : hop);
    }
}
