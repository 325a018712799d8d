package dev.guildhall.transport.netty.internal;

import static dev.guildhall.transport.netty.ClientFrame.CONTINUATION;
import static dev.guildhall.transport.netty.ClientFrame.FINAL;
import static dev.guildhall.transport.netty.ClientFrame.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.transport.netty.ClientFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int MOST_FRAMES = 3;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final Recorder reader = new Recorder();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    MessageReaderTest() {
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(reader);
    }

    @AfterEach
    void nothingIsKept() {
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void whatComesEarlyWaits() {
        send(ClientFrame.text("a"));
        send(ClientFrame.text("b"));
        assertThat(reader.heard).isEmpty();
        reader.begin(channel.pipeline().context(reader));
        send(ClientFrame.text("c"));
        assertThat(reader.heard).containsExactly("a", "b", "c");
    }

    @Test
    void moreThanMayWaitEndsTheConnection() {
        for (int kib = 0; kib < 64; kib++) {
            send(new byte[1024]);
        }
        assertThat(channel.isOpen()).isTrue();
        send(new byte[1]);
        assertThat(channel.isOpen()).isFalse();
        assertThat(reader.heard).isEmpty();
    }

    @Test
    void aFragmentTakesWhatItIsAndNotWhatItMayBecome() {
        reader.begin(channel.pipeline().context(reader));
        send(fragment(TEXT, "a"));
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(1024);
        send(fragment(CONTINUATION, "b"));
        send(fragment(FINAL | CONTINUATION, "c"));
        assertThat(reader.heard).containsExactly("abc");
    }

    @Test
    void aMessageInTooManyFramesIsRefusedWhole() {
        reader.begin(channel.pipeline().context(reader));
        send(fragment(TEXT, "a"));
        for (int i = 0; i < MOST_FRAMES; i++) {
            send(fragment(CONTINUATION, "b"));
        }
        send(fragment(FINAL | CONTINUATION, "c"));
        assertThat(reader.codes).containsExactly(4002);
        assertThat(reader.heard).isEmpty();
    }

    /** Netty's decoder wraps what is thrown on the way, but it is no mistake of the client's. */
    @Test
    void aFailureOfOursIsNotTheClients() {
        reader.begin(channel.pipeline().context(reader));
        RuntimeException ours = new IllegalStateException("ours");
        reader.failure = ours;
        send(ClientFrame.text("a"));
        assertThat(reader.broken).containsExactly(ours);
        assertThat(reader.codes).isEmpty();
    }

    @Test
    void aClientThatIsOverIsHeardForItsCloseOnly() {
        reader.begin(channel.pipeline().context(reader));
        send(fragment(TEXT, "a"));
        reader.over = true;
        send(fragment(CONTINUATION, "b"));
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        send(ClientFrame.close(1000, new byte[0]));
        assertThat(reader.heard).hasSize(1);
    }

    private static byte[] fragment(int firstByte, String text) {
        return ClientFrame.of(firstByte, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    private static final class Recorder extends MessageReader {
        final List<String> heard = new ArrayList<>();
        final List<Integer> codes = new ArrayList<>();
        final List<Throwable> broken = new ArrayList<>();

        @Nullable
        RuntimeException failure;

        boolean over;

        Recorder() {
            super(MessageBounds.of(MOST_BYTES, MOST_FRAMES), false);
        }

        @Override
        void received(ChannelHandlerContext ctx, WebSocketFrame message) {
            RuntimeException present = failure;
            if (present != null) {
                throw present;
            }
            ByteBuf content = message.content();
            heard.add(content.toString(StandardCharsets.UTF_8));
        }

        @Override
        boolean isOver() {
            return over;
        }

        @Override
        void fail(int code, CloseReason reason) {
            codes.add(code);
        }

        @Override
        void broken(ChannelHandlerContext ctx, Throwable cause) {
            broken.add(cause);
        }
    }
}
