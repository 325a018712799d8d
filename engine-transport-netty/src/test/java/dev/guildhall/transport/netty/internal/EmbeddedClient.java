package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's end of an {@link EmbeddedGateway}'s link. What it sends is dealt with before the call returns. */
final class EmbeddedClient {
    static final String UPGRADE = """
            GET /gateway?v=10&encoding=json HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private static final String HEAD_END = "\r\n\r\n";

    private final EmbeddedGateway gateway;
    private final EmbeddedChannel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final Deque<ServerFrames.Frame> frames = new ArrayDeque<>();
    private boolean upgraded;

    EmbeddedClient(EmbeddedGateway gateway, EmbeddedChannel channel) {
        this.gateway = gateway;
        this.channel = channel;
    }

    EmbeddedClient upgrade() {
        send(UPGRADE.getBytes(StandardCharsets.US_ASCII));
        assertThat(takeHead()).startsWith("HTTP/1.1 101 ");
        assertThat(next().text()).contains("\"op\":10");
        return this;
    }

    /** When the gateway sends something, before it leaves. */
    EmbeddedClient whenSentTo(Runnable what) {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                what.run();
                var _ = ctx.write(message, promise);
            }
        });
        return this;
    }

    /** Sends bytes as one piece; a link that is cut takes them too, as a network does. */
    EmbeddedClient send(byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(gateway.memory().buffer(bytes.length).writeBytes(bytes));
        }
        settle();
        return this;
    }

    /** Sends bytes in pieces of this size. */
    EmbeddedClient sendChopped(byte[] bytes, int size) {
        for (int at = 0; at < bytes.length; at += size) {
            send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        return this;
    }

    EmbeddedClient text(String text) {
        return send(ClientFrame.text(text));
    }

    /** What was sent by the gateway and not taken yet, to be looked at only. */
    String peek() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    /** Takes what was sent, whatever it is. */
    void drain() {
        settle();
        while (poll() != null) {
            // taken
        }
    }

    /** What was sent, whatever it is, as bytes. */
    byte[] takeAll() {
        byte[] all = received.toByteArray();
        received.reset();
        return all;
    }

    /** The head of an HTTP answer; what follows it counts as frames if it was an upgrade. */
    String takeHead() {
        String all = new String(takeAll(), StandardCharsets.ISO_8859_1);
        int end = all.indexOf(HEAD_END);
        assertThat(end).as("a head in %s", all).isNotNegative();
        received.writeBytes(all.substring(end + HEAD_END.length()).getBytes(StandardCharsets.ISO_8859_1));
        upgraded = all.startsWith("HTTP/1.1 101 ");
        return all.substring(0, end);
    }

    /** The next frame from the gateway. */
    ServerFrames.Frame next() {
        ServerFrames.Frame next = poll();
        assertThat(next).as("a frame").isNotNull();
        return next;
    }

    ServerFrames.@Nullable Frame poll() {
        assertThat(upgraded).isTrue();
        frames.addAll(ServerFrames.parse(takeAll()));
        return frames.poll();
    }

    /** The code of the close frame that is the next frame and the last one. */
    int closeCode() {
        int code = next().closeCode();
        assertThat(poll()).isNull();
        return code;
    }

    /** Nothing was answered, and the link is there. */
    void isLeftAlone() {
        assertThat(poll()).isNull();
        assertThat(isOpen()).isTrue();
    }

    ChannelPipeline pipeline() {
        return channel.pipeline();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void advance(long seconds) {
        channel.freezeTime();
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        settle();
    }

    /** Vanishes; nothing of this link may be left, and nothing may have passed the gateway's handlers. */
    void vanish() {
        channel.close().syncUninterruptibly();
        settle();
        channel.checkException();
        assertThat(channel.inboundMessages()).isEmpty();
        channel.finishAndReleaseAll();
    }

    private void settle() {
        gateway.settle();
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            assertThat(sent).isInstanceOf(ByteBuf.class);
            ByteBuf bytes = (ByteBuf) sent;
            received.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
    }
}
