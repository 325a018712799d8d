package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.transport.netty.ClientFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayConnectionTest {
    private static final MessageForm FORM = new PlainForm(new DispatchEncoding(Map.of()));
    private static final Event SMALL = Event.of("T", "1");

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            connection.writabilityChanged();
        }
    });
    private final List<CloseReason> endedByEngine = new ArrayList<>();
    private final GatewayConnection connection = new GatewayConnection(channel, FORM, endedByEngine::add);
    private final CountingAttachment attachment = new CountingAttachment();

    @AfterEach
    void release() {
        connection.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void aBatchIsOneWrite() {
        connection.write(SMALL, 1);
        connection.write(SMALL, 2);
        assertThat(channel.outboundMessages()).isEmpty();
        connection.flush();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(nextText())
                .contains("{\"s\":         1,\"op\":0,\"t\":\"T\",\"d\":1}")
                .endsWith("{\"s\":         2,\"op\":0,\"t\":\"T\",\"d\":1}");
        connection.flush();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void aFullBatchGoesAtOnce() {
        Event large = Event.of("T", "\"" + "x".repeat(10_000) + "\"");
        for (int seq = 1; seq <= 7; seq++) {
            connection.write(large, seq);
        }
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(connection.isWritable()).isTrue();
        connection.write(large, 8);
        connection.flush();
        assertThat(nextText()).contains("{\"s\":         1").contains("{\"s\":         7");
        assertThat(nextText()).contains("{\"s\":         8").doesNotContain("{\"s\":         7");
    }

    @Test
    void otherMessagesEndTheBatchBeforeThem() {
        connection.write(SMALL, 1);
        connection.acknowledge();
        assertThat(nextText()).contains("\"op\":0");
        assertThat(nextText()).contains("\"op\":11");
    }

    @Test
    void acknowledgementsAreMergedWhileTheClientDoesNotRead() {
        writable(false);
        for (int i = 0; i < 1000; i++) {
            connection.acknowledge();
        }
        connection.pong(Unpooled.EMPTY_BUFFER);
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(connection.isReading()).isFalse();
        writable(true);
        assertThat(nextText()).contains("\"op\":11");
        assertThat(channel.outboundMessages()).isEmpty();
        ByteBuf payload = Unpooled.copiedBuffer("hi", StandardCharsets.UTF_8);
        connection.pong(payload);
        payload.release();
        assertThat(nextFrame()).hasToString(ClientFrame.PONG + ":hi");
    }

    @Test
    void theEngineHearsWhenTheClientReadsAgain() {
        connection.attach(attachment);
        assertThat(connection.isWritable()).isTrue();
        writable(false);
        assertThat(connection.isWritable()).isFalse();
        assertThat(attachment.writable).isZero();
        writable(true);
        assertThat(attachment.writable).isEqualTo(1);
    }

    @Test
    void nothingFollowsTheCloseFrame() {
        connection.attach(attachment);
        connection.write(SMALL, 1);
        connection.closeWith(4002, "x".repeat(200));
        connection.closeWith(4000, "again");
        connection.write(SMALL, 2);
        connection.flush();
        connection.acknowledge();
        assertThat(connection.isWritable()).isFalse();
        assertThat(nextText()).contains("\"op\":0");
        ServerFrames.Frame close = nextFrame();
        assertThat(close.closeCode()).isEqualTo(4002);
        assertThat(close.payload()).hasSize(2 + CloseCodes.MAX_REASON_BYTES);
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void aClientThatDoesNotAnswerIsCut() {
        connection.closeWith(4002, "mistake");
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClosedLinkFreesItsBatch() {
        connection.write(SMALL, 1);
        connection.release();
        connection.flush();
        connection.write(SMALL, 2);
        connection.flush();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void theEnginesCloseIsTheProtocolsToAnswer() {
        connection.close(CloseReason.ENGINE_CLOSED, false);
        assertThat(endedByEngine).containsExactly(CloseReason.ENGINE_CLOSED);
    }

    private void writable(boolean value) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, value);
        channel.runPendingTasks();
    }

    private String nextText() {
        ByteBuf buffer = channel.readOutbound();
        try {
            return buffer.toString(StandardCharsets.UTF_8);
        } finally {
            ReferenceCountUtil.release(buffer);
        }
    }

    private ServerFrames.Frame nextFrame() {
        ByteBuf buffer = channel.readOutbound();
        try {
            return ServerFrames.parse(ByteBufUtil.getBytes(buffer)).getFirst();
        } finally {
            buffer.release();
        }
    }

    private static final class CountingAttachment implements Attachment {
        private int writable;

        @Override
        public Session session() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writable() {
            writable++;
        }

        @Override
        public String secret() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void acknowledged(long seq) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outcome command(Runnable command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void lost(CloseReason reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void closed(CloseReason reason) {
            throw new UnsupportedOperationException();
        }
    }
}
