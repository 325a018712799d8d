package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.DueTimes;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.IoMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own path to its clients, and an engine, behind a protocol that a benchmark's servers in other languages can have
 * too: a WebSocket is identified and subscribed when it connects, nobody says hello, the text {@code S} starts the publisher, and {@code
 * A<n>} of the first connection says that it has n frames. Events go through guild log, lane, session and ring like any other.
 *
 * <p>One event loop, which is the lane. It also publishes, as a timer of a server in C does.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails is closed
public final class PeerGateway implements Transport {
    /** Of all of a frame's payload. */
    private static final int FRAME_BYTES = 128;

    private static final int DIGITS = 19;
    private static final String TYPE = "E";
    private static final int LARGEST_REQUEST = 8 * 1024;
    private static final MessageBounds BOUNDS = MessageBounds.of(4 * 1024, 16);

    private final int port;
    private final Pace pace;
    private final int sendBuffer;
    private final SessionOptions options;
    private final EventLoops loops;
    private final MessageForm form = new PlainForm(new DispatchEncoding(Map.of()));
    private final String filler;
    private @Nullable TransportContext context;
    private @Nullable Channel listening;

    // Of the event loop.
    private int clients;
    private boolean started;
    private long published; // or about to be
    private long acknowledged;

    /**
     * When to publish.
     *
     * @param rate events a second, or 0 for as fast as the first client acknowledges
     * @param window events beyond what it has acknowledged, if there is no rate
     * @param burst events at a time, if there is a rate
     */
    public record Pace(int rate, int window, int burst) {}

    /**
     * A gateway that listens on loopback once its engine is open.
     *
     * @param sendBuffer bytes of each socket's buffer, or 0 for as many as the kernel likes
     */
    public PeerGateway(int port, IoMode io, Pace pace, int sendBuffer, SessionOptions options) {
        this.port = port;
        this.pace = pace;
        this.sendBuffer = sendBuffer;
        this.options = options;
        if (EventLoops.choose(io) != io) {
            throw new IllegalStateException(io + " does not work here");
        }
        this.loops = EventLoops.open(io, 1);
        int envelope = "{\"s\":".length()
                + DispatchFrame.SEQ_WIDTH
                + ",\"op\":0,\"t\":\"".length()
                + TYPE.length()
                + "\",\"d\":\"T\"}".length();
        this.filler = "x".repeat(FRAME_BYTES - envelope - DIGITS);
    }

    @Override
    public List<? extends Executor> laneExecutors() {
        return loops.lanes();
    }

    @Override
    public void start(TransportContext started) throws InterruptedException {
        context = started;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4_096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Outbox.boundBuffersOf(channel);
                        channel.pipeline()
                                .addLast(
                                        new HttpRequestDecoder(),
                                        new HttpResponseEncoder(),
                                        new HttpObjectAggregator(LARGEST_REQUEST),
                                        new Upgrade());
                    }
                });
        if (sendBuffer > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, sendBuffer);
        }
        listening = bootstrap.bind("127.0.0.1", port).sync().channel();
    }

    @Override
    public void stopAccepting() {
        if (listening != null) {
            listening.close();
        }
    }

    @Override
    public void close() {
        stopAccepting();
        loops.close();
    }

    /** What the log has no room for is published when there is some. */
    private void publish(Guild guild, EventLoop loop, int events, long due) {
        for (int i = 0; i < events; i++) {
            String payload = String.format(Locale.ROOT, "\"T%019d%s\"", due, filler);
            Outcome outcome = guild.tryPublish(Event.of(TYPE, payload));
            if (!outcome.isAccepted()) {
                int left = events - i;
                loop.schedule(() -> publish(guild, loop, left, due), 1, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }

    private void begin(EventLoop loop, Guild guild) {
        if (started) {
            return;
        }
        started = true;
        if (pace.rate == 0) {
            publish(guild, loop, pace.window, System.nanoTime());
            published = pace.window;
        } else {
            long nanos = TimeUnit.SECONDS.toNanos(pace.burst) / pace.rate;
            DueTimes due = new DueTimes(nanos);
            loop.scheduleAtFixedRate(
                    () -> publish(guild, loop, pace.burst, due.next(System.nanoTime())),
                    0,
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void acknowledged(EventLoop loop, Guild guild, long frames) {
        acknowledged = Math.max(acknowledged, frames);
        if (started && pace.rate == 0) {
            int room = Math.clamp(acknowledged + pace.window - published, 0, pace.window);
            published += room;
            publish(guild, loop, room, System.nanoTime());
        }
    }

    /** Any request is one for a WebSocket. */
    private final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Client client = new Client(ctx.channel());
            new Handshake(BOUNDS, client)
                    .answer(ctx, request, EmptyHttpHeaders.INSTANCE)
                    .addListener(done -> {
                        ctx.pipeline().remove(this);
                        client.open(ctx);
                        client.begin(ctx.pipeline().context(client));
                    });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class Client extends MessageReader {
        private final GatewayConnection connection;
        private @Nullable Attachment attachment;
        private boolean first;

        Client(Channel channel) {
            super(BOUNDS, false);
            connection = new GatewayConnection(channel, form, reason -> channel.close());
        }

        private Engine engine() {
            return Objects.requireNonNull(context).engine();
        }

        void open(ChannelHandlerContext ctx) {
            first = clients == 0;
            TransportContext present = Objects.requireNonNull(context);
            Lane lane = present.lanes().getFirst();
            Attachment opened = present.open("peer-" + clients++, options, lane, connection);
            if (opened == null) {
                ctx.close();
                return;
            }
            attachment = opened;
            connection.attach(opened);
            opened.session().subscribe(engine().guild("peers"));
        }

        @Override
        void received(ChannelHandlerContext ctx, WebSocketFrame message) {
            String text = message.content().toString(StandardCharsets.US_ASCII);
            Guild guild = engine().guild("peers");
            if (text.equals("S")) {
                PeerGateway.this.begin(ctx.channel().eventLoop(), guild);
            } else if (first && text.startsWith("A")) {
                acknowledged(ctx.channel().eventLoop(), guild, Long.parseLong(text, 1, text.length(), 10));
            }
        }

        @Override
        boolean isOver() {
            return false;
        }

        @Override
        void fail(int code, CloseReason reason) {
            connection.closeWith(code, reason.detail());
        }

        @Override
        void broken(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            connection.writabilityChanged();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            super.channelInactive(ctx);
            Attachment present = attachment;
            if (present != null) {
                present.lost(CloseReason.CONNECTION_LOST);
            }
            connection.release();
        }
    }

    @Override
    public String toString() {
        return "PeerGateway[port " + port + ", " + clients + " clients, " + published + " published]";
    }
}
