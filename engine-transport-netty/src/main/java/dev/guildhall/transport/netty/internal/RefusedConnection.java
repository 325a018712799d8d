package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is one too many, or comes at the wrong time. It is told so when it begins to ask, without reading what it asks, and cut. Few may wait for this at a
 * time, and not for long; the others are cut at once. Its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class RefusedConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedConnection.class);

    static final String TOO_MANY = "too many connections";

    private static final String HEAD = "HEAD ";
    private static final int MOST_ANSWERED_AT_ONCE = 64;
    private static final long PATIENCE_MILLIS = 1000;

    private final HttpResponseStatus status;
    private final String message;
    private boolean answered;

    /** For a pipeline that ends with a codec of HTTP. */
    RefusedConnection(HttpResponseStatus status, String message) {
        this.status = status;
        this.message = message;
    }

    /**
     * Refuses a connection that is being set up.
     *
     * @param answering how many wait for their answers
     */
    static void refuse(Channel channel, HttpResponseStatus status, AtomicInteger answering) {
        if (answering.incrementAndGet() > MOST_ANSWERED_AT_ONCE) {
            answering.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> answering.decrementAndGet());
        channel.pipeline().addLast(new HttpResponseEncoder()).addLast(new RefusedConnection(status, TOO_MANY));
        channel.eventLoop().schedule(() -> channel.close(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        boolean isHead = isHead(bytes);
        ReferenceCountUtil.release(bytes);
        if (!answered) {
            answered = true;
            FullHttpResponse answer = HttpAnswer.refusal(ctx.alloc(), status, message);
            HttpAnswer.send(ctx, isHead ? HttpAnswer.withoutBody(answer) : answer);
        }
    }

    /** As far as that can be told without reading the request: from its first bytes, or by the codec of an application. */
    private static boolean isHead(Object beginning) {
        return switch (beginning) {
            case ByteBuf bytes ->
                bytes.toString(
                                bytes.readerIndex(),
                                Math.min(HEAD.length(), bytes.readableBytes()),
                                StandardCharsets.US_ASCII)
                        .equals(HEAD);
            case HttpRequest request -> request.method().equals(HttpMethod.HEAD);
            default -> false;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} was refused and lost", ctx.channel(), cause);
        ctx.close();
    }
}
