package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.HealthOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is one too many, or comes at the wrong time. It is told so when it begins to ask, without reading what it asks, and cut; a
 * gateway that is full lives nevertheless, so it says so to who asks that. Few may wait for this at a time, and not for long; the others are cut at
 * once. Its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class RefusedConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedConnection.class);

    static final String TOO_MANY = "too many connections";

    private static final int MOST_BYTES_LOOKED_AT = 256;
    private static final int MOST_ANSWERED_AT_ONCE = 64;
    private static final long PATIENCE_MILLIS = 1000;

    private final HttpResponseStatus status;
    private final String words;
    private final @Nullable String livePath;
    private boolean answered;

    /** For a pipeline that ends with a codec of HTTP. */
    RefusedConnection(HttpResponseStatus status, String words) {
        this(status, words, null);
    }

    private RefusedConnection(HttpResponseStatus status, String words, @Nullable String livePath) {
        this.status = status;
        this.words = words;
        this.livePath = livePath;
    }

    /**
     * Refuses a connection that is being set up.
     *
     * @param health whether, and under which path, it may be asked whether the gateway lives
     * @param answering how many wait for their answers
     */
    static void refuse(Channel channel, HttpResponseStatus status, HealthOptions health, AtomicInteger answering) {
        if (answering.incrementAndGet() > MOST_ANSWERED_AT_ONCE) {
            answering.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> answering.decrementAndGet());
        String livePath = health.enabled() ? health.livePath() : null;
        channel.pipeline()
                .addLast(new HttpResponseEncoder())
                .addLast(new RefusedConnection(status, TOO_MANY, livePath));
        channel.eventLoop().schedule(() -> channel.close(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        String beginning = beginningOf(message);
        ReferenceCountUtil.release(message);
        if (answered) {
            return;
        }
        answered = true;
        boolean isHead = beginning.startsWith("HEAD ");
        FullHttpResponse answer = asksWhetherItLives(beginning)
                ? OtherRequests.health(ctx, true)
                : HttpAnswer.refusal(ctx.alloc(), status, words);
        HttpAnswer.send(ctx, isHead ? HttpAnswer.withoutBody(answer) : answer);
    }

    /** As far as it can be told without reading the request: from its first bytes, or by the codec of an application. */
    private static String beginningOf(Object message) {
        return switch (message) {
            case ByteBuf bytes ->
                bytes.toString(
                        bytes.readerIndex(),
                        Math.min(MOST_BYTES_LOOKED_AT, bytes.readableBytes()),
                        StandardCharsets.US_ASCII);
            case HttpRequest request -> request.method() + " ";
            default -> "";
        };
    }

    private boolean asksWhetherItLives(String beginning) {
        String path = livePath;
        return path != null
                && (beginning.startsWith("GET " + path + " ") || beginning.startsWith("HEAD " + path + " "));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} was refused and lost", ctx.channel(), cause);
        ctx.close();
    }
}
