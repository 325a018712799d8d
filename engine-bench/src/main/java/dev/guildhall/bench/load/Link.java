package dev.guildhall.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client's connection: hello and heartbeats, and what ends it. What the session is about is its {@link LoadClient}'s. Everything runs on
 * the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and that is noticed
final class Link extends SimpleChannelInboundHandler<WebSocketFrame> {
    static final int NO_CLOSE_FRAME = 1006;

    private static final int HEARTBEAT = 1;
    private static final int RECONNECT = 7;
    private static final int INVALID_SESSION = 9;
    private static final int HELLO = 10;
    private static final int HEARTBEAT_ACKNOWLEDGED = 11;
    private static final int NORMAL = 1000;
    private static final int COME_BACK = 4000;

    private final LoadClient client;
    private final LoadLoop loop;
    private final Random random;
    private @Nullable Channel channel;
    private @Nullable Future<?> heartbeat;
    private boolean isOwed;
    private int code = NO_CLOSE_FRAME;
    private String reason = "";

    Link(LoadClient client, LoadLoop loop, Random random) {
        this.client = client;
        this.loop = loop;
        this.random = random;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Nullable
    Channel channel() {
        return channel;
    }

    void send(int op, String data) {
        if (channel != null) {
            channel.writeAndFlush(new TextWebSocketFrame("{\"op\":" + op + ",\"d\":" + data + "}"));
        }
    }

    /** Ends without a word. */
    void cut() {
        if (channel != null) {
            channel.close();
        }
    }

    /** Says goodbye; the session is over then, or not. */
    void close(boolean isTheEnd) {
        if (channel != null) {
            channel.writeAndFlush(new CloseWebSocketFrame(isTheEnd ? NORMAL : COME_BACK, ""))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Ends because of something that the other side did or did not do. */
    void fail(String why) {
        if (reason.isEmpty()) {
            reason = why;
        }
        cut();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text) {
            try {
                receive(loop.read(text.content()), text);
            } catch (JacksonException e) {
                fail("a message that is no JSON");
            }
        } else if (frame instanceof CloseWebSocketFrame close) {
            code = close.statusCode() < 0 ? NO_CLOSE_FRAME + 1 : close.statusCode();
            reason = close.reasonText();
            context.writeAndFlush(new CloseWebSocketFrame(NORMAL, "")).addListener(ChannelFutureListener.CLOSE);
        } else {
            fail("a frame that is no text");
        }
    }

    private void receive(MessageReader message, TextWebSocketFrame frame) {
        switch (message.op()) {
            case MessageReader.DISPATCH -> client.dispatch(this, message, frame);
            case HEARTBEAT -> sendHeartbeat();
            case RECONNECT -> client.reconnect(this);
            case INVALID_SESSION -> client.invalidSession(this, data(frame).asBoolean(false));
            case HELLO -> hello(data(frame).path("heartbeat_interval").asLong(0));
            case HEARTBEAT_ACKNOWLEDGED -> isOwed = false;
            default -> {}
        }
    }

    static JsonNode data(TextWebSocketFrame frame) {
        return JsonMapper.shared()
                .readTree(frame.content().toString(StandardCharsets.UTF_8))
                .path("d");
    }

    private void hello(long intervalMillis) {
        if (intervalMillis <= 0) {
            fail("hello without heartbeat_interval");
            return;
        }
        long first = (long) (intervalMillis * random.nextDouble());
        heartbeat = loop.loop().scheduleAtFixedRate(this::beat, first, intervalMillis, TimeUnit.MILLISECONDS);
        client.hello(this);
    }

    private void beat() {
        if (isOwed && !client.isStalled()) {
            fail("a heartbeat that was not acknowledged");
            return;
        }
        isOwed = true;
        sendHeartbeat();
    }

    private void sendHeartbeat() {
        long number = client.lastNumber();
        send(HEARTBEAT, number == 0 ? "null" : Long.toString(number));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> present = heartbeat;
        if (present != null) {
            present.cancel(false);
        }
        client.lost(this, code, reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(Failures.reason(cause));
    }
}
