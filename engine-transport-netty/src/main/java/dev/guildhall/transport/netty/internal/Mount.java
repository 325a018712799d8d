package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the connections of an application's own server come to the gateway. Any thread. */
public final class Mount {
    private static final Logger LOG = LoggerFactory.getLogger(Mount.class);

    private final GatewayConfig config;
    private final Supplier<@Nullable GatewaySetup> setup;
    private final Supplier<@Nullable EventLoops> loops;

    /**
     * @param setup null before the engine has opened
     * @param loops null before the engine has opened
     */
    Mount(GatewayConfig config, Supplier<@Nullable GatewaySetup> setup, Supplier<@Nullable EventLoops> loops) {
        this.config = config;
        this.setup = setup;
        this.loops = loops;
    }

    /**
     * Checks where the handler was put.
     *
     * @throws IllegalStateException if the gateway cannot work there; the message says what is missing
     */
    public void check(ChannelHandlerContext ctx) {
        String problem = problem(ctx);
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
    }

    private @Nullable String problem(ChannelHandlerContext ctx) {
        if (!hasCodecBefore(ctx)) {
            return "GatewayHandler needs an HttpServerCodec before it, the pipeline has "
                    + ctx.pipeline().names();
        }
        if (ctx.executor() != ctx.channel().eventLoop()) {
            return "GatewayHandler runs on its channel's event loop: add it without an executor";
        }
        EventLoops known = loops.get();
        if (known != null && !known.has(ctx.channel().eventLoop())) {
            return "GatewayHandler is in a channel of other event loops than the gateway's: build the transport with"
                    + " eventLoops(group), and the server with the same group for its connections";
        }
        return null;
    }

    private static boolean hasCodecBefore(ChannelHandlerContext ctx) {
        boolean reads = false;
        boolean writes = false;
        for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) {
            ChannelHandler handler = entry.getValue();
            if (handler == ctx.handler()) {
                break;
            }
            reads |= handler instanceof HttpServerCodec || handler instanceof HttpRequestDecoder;
            writes |= handler instanceof HttpServerCodec || handler instanceof HttpResponseEncoder;
        }
        return reads && writes;
    }

    /** Takes the connection over if this is a request for the gateway. */
    public boolean takes(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HttpRequest request)
                || request.decoderResult().isFailure()
                || !config.isOfGateway(new QueryStringDecoder(request.uri()).rawPath())) {
            return false;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        for (ChannelHandler handler : handlers(ctx).reversed()) {
            pipeline.addAfter(ctx.name(), null, handler);
        }
        pipeline.remove(ctx.name());
        ctx.fireChannelRead(message);
        return true;
    }

    private List<ChannelHandler> handlers(ChannelHandlerContext ctx) {
        GatewaySetup present = setup.get();
        String problem = present == null ? null : problem(ctx);
        if (problem != null) {
            LOG.warn("A client of {} is refused: {}", ctx.channel(), problem);
            return List.of(new RefusedConnection(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error"));
        }
        return present == null
                ? List.of(new RefusedConnection(HttpResponseStatus.SERVICE_UNAVAILABLE, Gateway.NOT_READY))
                : present.mount(ctx.channel());
    }

    @Override
    public String toString() {
        return "Mount[" + config.path() + "]";
    }
}
