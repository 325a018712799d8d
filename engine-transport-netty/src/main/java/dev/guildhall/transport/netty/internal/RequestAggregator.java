package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Makes one message of a request, and refuses what it does not read in the same way as the rest of the gateway. */
final class RequestAggregator extends HttpObjectAggregator {
    /** An upgrade request has no body worth reading. */
    private static final int MAX_BODY_BYTES = 8 * 1024;

    private static final String TOO_LARGE = "the body is too large";

    RequestAggregator() {
        super(MAX_BODY_BYTES, true);
    }

    /** Netty's own refusals, 413 and 417, have no body and let the client go on. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object answer = super.newContinueResponse(start, maxContentLength, pipeline);
        if (!(answer instanceof FullHttpResponse refusal) || refusal.status().equals(HttpResponseStatus.CONTINUE)) {
            return answer;
        }
        HttpResponseStatus status = refusal.status();
        refusal.release();
        return HttpAnswer.refusal(
                pipeline.channel().alloc(),
                status,
                status.equals(HttpResponseStatus.EXPECTATION_FAILED) ? "an unknown expectation" : TOO_LARGE);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        HttpAnswer.send(ctx, HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE));
    }
}
