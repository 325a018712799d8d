package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one client.
 *
 * <p>Dispatches are copied into an {@link Outbox}, which {@link #flush} hands over in one write, past the pipeline where that does nothing to them and
 * without a promise: whole frames, no object per frame. Messages outside the sequence (hello, acknowledgement, close) are rare
 * and end the batch before them, so frames leave in the order of the calls.
 *
 * <p><b>Threads.</b> Everything happens on the channel's event loop, which is the session's lane; no field is shared.
 *
 * <p><b>Memory.</b> A client that stops reading holds at most the channel's high-water mark, one batch and one event:
 * {@link #isWritable} answers false then, and the session's events wait in its ring as references.
 * Acknowledgements, which a client can ask for at any pace, are merged into one while the channel is not writable, and pongs
 * are left out.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewayConnection implements Connection {
    /** Time for the client to answer a close frame and for what was flushed to leave. */
    private static final long CLOSE_GRACE_MILLIS = 2_000;

    private final Channel channel;
    private final Consumer<CloseReason> onEngineClose;
    private MessageForm form;

    private @Nullable Attachment attachment;

    /** Chosen at the first dispatch, when the pipeline is what it will be. */
    private @Nullable Outbox outbox;

    private boolean ackOwed;
    private boolean closing;
    private boolean released;

    /**
     * @param form of messages until {@link #speak} says another
     * @param onEngineClose told on the event loop when the engine ends the session or lets go of the connection
     */
    GatewayConnection(Channel channel, MessageForm form, Consumer<CloseReason> onEngineClose) {
        this.channel = channel;
        this.form = form;
        this.onEngineClose = onEngineClose;
    }

    /** What the client and the gateway have agreed on, before the first message. */
    void speak(MessageForm agreed) {
        form = agreed;
        if (released) {
            agreed.release();
        }
    }

    /** How messages are written. */
    MessageEncoding encoding() {
        return form.encoding();
    }

    /** The session is there; from now on the engine hears when the channel can take more. */
    void attach(Attachment value) {
        attachment = value;
    }

    @Override
    public boolean isWritable() {
        return !closing && channel.isWritable();
    }

    @Override
    public void write(Event event, long seq) {
        if (closing) {
            return;
        }
        Outbox present = outbox;
        if (present == null) {
            present = Outbox.of(channel);
            outbox = present;
        }
        form.dispatch(present, event, seq);
    }

    @Override
    public void flush() {
        Outbox present = outbox;
        if (present != null) {
            present.flush();
        }
    }

    @Override
    public long flushNanosLater() {
        Outbox present = outbox;
        return present == null ? 0 : present.flushNanosLater();
    }

    @Override
    public void close(CloseReason reason, boolean resumable) {
        onEngineClose.accept(reason);
    }

    /**
     * Sends a message outside the sequence, after the dispatches that were written before.
     *
     * @param json one of the {@link ControlMessages}
     */
    void send(byte[] json) {
        if (closing) {
            return;
        }
        flush();
        channel.writeAndFlush(copy(form.control(json)), channel.voidPromise());
    }

    private ByteBuf copy(byte[] frame) {
        return channel.alloc().ioBuffer(frame.length).writeBytes(frame);
    }

    /** Asks the client to connect again. Any thread. */
    void requestReconnect() {
        channel.pipeline().fireUserEventTriggered(PipelineEvent.RECONNECT);
    }

    /** Asks the client for a heartbeat. Any thread. */
    void requestHeartbeat() {
        channel.pipeline().fireUserEventTriggered(PipelineEvent.HEARTBEAT);
    }

    /** Whether the client reads what it is sent. */
    boolean isReading() {
        return channel.isWritable();
    }

    /** Answers a heartbeat, later if the client does not read now. */
    void acknowledge() {
        ackOwed = !channel.isWritable();
        if (!ackOwed) {
            send(ControlMessages.heartbeatAck());
        }
    }

    /** Answers a ping; RFC 6455 lets a server answer the latest only, so none is kept for later. */
    void pong(ByteBuf payload) {
        if (!closing && channel.isWritable()) {
            flush();
            byte[] frame = ServerFrame.of(ServerFrame.PONG, ByteBufUtil.getBytes(payload));
            channel.writeAndFlush(copy(frame), channel.voidPromise());
        }
    }

    /** The channel's buffer crossed a water mark. */
    void writabilityChanged() {
        if (closing || !channel.isWritable()) {
            return;
        }
        if (ackOwed) {
            acknowledge();
        }
        Attachment present = attachment;
        if (present != null) {
            present.writable();
        }
    }

    /**
     * Sends a close frame and cuts the link when the client has answered, or soon if it does not. Nothing is sent after it.
     *
     * @param code the close code
     * @param text one sentence for a person
     */
    void closeWith(int code, String text) {
        if (closing) {
            return;
        }
        flush();
        closing = true;
        channel.writeAndFlush(copy(CloseCodes.frame(code, text)), channel.voidPromise());
        cutSoon();
    }

    /** Sends what ends a connection, and cuts the link. Nothing is sent after it. */
    void closeAfter(ByteBuf last) {
        if (closing) {
            last.release();
            return;
        }
        flush();
        closing = true;
        channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        cutSoon();
    }

    /** Answers the client's close frame, unless it is itself an answer, and cuts the link. */
    void closeAnswering(CloseWebSocketFrame received) {
        if (closing) {
            channel.close();
        } else {
            closeAfter(copy(ServerFrame.of(ServerFrame.CLOSE, ByteBufUtil.getBytes(received.content()))));
        }
    }

    /** The link is gone. */
    void release() {
        closing = true;
        released = true;
        form.release();
        Outbox present = outbox;
        if (present != null) {
            present.release();
        }
    }

    /** A client that does not read never lets the close frame leave. */
    private void cutSoon() {
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public String toString() {
        return "GatewayConnection[" + channel + (closing ? ", closing]" : "]");
    }
}
