package dev.guildhall.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * The clients of {@link GatewayCommand}: connections of one event loop that do as little as they can, so that the server is what
 * is measured. Frames are all of one size, and each has in it when it was published.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails is missed when the frames are counted
final class PeerLoad implements AutoCloseable {
    private static final int FRAME_BYTES = 132;
    private static final int DIGITS = 19;
    private static final int AT_ONCE = 100;
    private static final int LENGTH_16 = 126;
    private static final long PATIENCE_SECONDS = 30;
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final AtomicLong frames = new AtomicLong();
    private final boolean acknowledges;
    private final int receiveBuffer;
    private final PeerDialect dialect;

    /** Of the loop. */
    private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);

    private volatile boolean recording;

    /**
     * @param dialect what the clients say; with {@link PeerDialect#GATEWAY} nothing may be published
     * @param acknowledges whether the first connection says how much it has; latencies are not recorded then
     * @param receiveBuffer bytes of each socket's buffer, or 0 for as many as the kernel likes
     */
    PeerLoad(PeerDialect dialect, boolean acknowledges, int receiveBuffer) {
        this.dialect = dialect;
        this.acknowledges = acknowledges;
        this.receiveBuffer = receiveBuffer;
    }

    void connect(int port, int connections) throws InterruptedException {
        SocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int from = 0; from < connections; from += AT_ONCE) {
            int count = Math.min(AT_ONCE, connections - from);
            CountDownLatch upgraded = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                Bootstrap bootstrap = new Bootstrap()
                        .group(loops)
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(new Client(from + i == 0 && acknowledges, upgraded));
                if (receiveBuffer > 0) {
                    bootstrap.option(ChannelOption.SO_RCVBUF, receiveBuffer);
                }
                channels.add(bootstrap.connect(server).sync().channel());
            }
            if (!upgraded.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(upgraded.getCount() + " clients were not upgraded");
            }
        }
    }

    /** From now on nothing is read but by the first connection. */
    void stall() {
        channels.stream().skip(1).forEach(channel -> channel.config().setAutoRead(false));
    }

    /** How many are connected. */
    long connected() {
        return channels.stream().filter(Channel::isActive).count();
    }

    void start() {
        channels.getFirst().writeAndFlush(masked(channels.getFirst(), dialect.message("S")));
    }

    long frames() {
        return frames.get();
    }

    /** Begins to record latencies anew. */
    void record() throws InterruptedException {
        loops.submit(latencies::reset).sync();
        recording = true;
    }

    /** Stops; answers the latencies in nanoseconds. */
    Histogram recorded() throws InterruptedException {
        recording = false;
        loops.submit(() -> {}).sync();
        return latencies;
    }

    /** Closes the sockets itself: a loop that ends while much comes in leaves some open, and there is a bound for how many are. */
    @Override
    public void close() {
        channels.forEach(Channel::close);
        channels.forEach(channel -> channel.closeFuture().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS));
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static ByteBuf masked(Channel channel, String text) {
        // A mask of zeros is a mask.
        return channel.alloc()
                .buffer()
                .writeByte(0x81)
                .writeByte(0x80 | text.length())
                .writeInt(0)
                .writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private final class Client extends ChannelInboundHandlerAdapter {
        private final boolean acknowledgesFrames;
        private final CountDownLatch upgraded;
        private final ByteBuf partial = Unpooled.buffer(FRAME_BYTES);
        private boolean isUpgraded;
        private boolean isGreeted;
        private long received;

        Client(boolean acknowledgesFrames, CountDownLatch upgraded) {
            this.acknowledgesFrames = acknowledgesFrames;
            this.upgraded = upgraded;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            String request = """
                    GET %s HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    \r
                    """.formatted(dialect.path);
            ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                if (isUpgraded) {
                    readMore(ctx, bytes);
                } else {
                    upgrade(ctx, bytes);
                }
            } finally {
                bytes.release();
            }
        }

        private void upgrade(ChannelHandlerContext ctx, ByteBuf bytes) {
            partial.writeBytes(bytes);
            int end = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(HEADERS_END), partial);
            if (end >= 0) {
                isUpgraded = true;
                if (dialect == PeerDialect.PLAIN) {
                    greeted();
                }
                ByteBuf rest = partial.copy(end + HEADERS_END.length, partial.writerIndex() - end - HEADERS_END.length);
                partial.clear().capacity(FRAME_BYTES);
                readMore(ctx, rest);
                rest.release();
            }
        }

        private void greeted() {
            isGreeted = true;
            received = 0;
            upgraded.countDown();
        }

        private void readMore(ChannelHandlerContext ctx, ByteBuf bytes) {
            if (isGreeted) {
                read(ctx, bytes);
            } else {
                readGreeting(ctx, bytes);
            }
        }

        /** Messages of any size, which are answered until the client is there. */
        private void readGreeting(ChannelHandlerContext ctx, ByteBuf bytes) {
            partial.writeBytes(bytes);
            int length = frameLength();
            while (!isGreeted && length > 0 && partial.readableBytes() >= length) {
                partial.skipBytes(length);
                if (received < dialect.answers().size()) {
                    ctx.writeAndFlush(masked(ctx.channel(), dialect.answers().get((int) received++)));
                } else {
                    greeted();
                }
                length = frameLength();
            }
            partial.discardReadBytes();
            if (isGreeted) {
                ByteBuf rest = partial.copy();
                partial.clear().capacity(dialect == PeerDialect.GATEWAY ? 0 : FRAME_BYTES);
                read(ctx, rest);
                rest.release();
            }
        }

        /** Of the next frame with its header, 0 if it is not known yet. */
        private int frameLength() {
            int at = partial.readerIndex();
            if (partial.readableBytes() < 2) {
                return 0;
            }
            int length = partial.getByte(at + 1);
            if (length < LENGTH_16) {
                return 2 + length;
            }
            return partial.readableBytes() < 4 ? 0 : 4 + partial.getUnsignedShort(at + 2);
        }

        private void read(ChannelHandlerContext ctx, ByteBuf bytes) {
            long before = received;
            if (partial.isReadable()) {
                partial.writeBytes(bytes, Math.min(bytes.readableBytes(), FRAME_BYTES - partial.readableBytes()));
                if (partial.readableBytes() == FRAME_BYTES) {
                    frame(partial, 0);
                    partial.clear();
                }
            }
            while (bytes.readableBytes() >= FRAME_BYTES) {
                frame(bytes, bytes.readerIndex());
                bytes.skipBytes(FRAME_BYTES);
            }
            partial.writeBytes(bytes);
            if (received != before) {
                frames.lazySet(frames.get() + received - before); // of one thread
                if (acknowledgesFrames) {
                    ctx.writeAndFlush(masked(ctx.channel(), dialect.message("A" + received)));
                }
            }
        }

        private void frame(ByteBuf bytes, int at) {
            received++;
            if (recording && !acknowledges) {
                int digits = bytes.indexOf(at, at + FRAME_BYTES, (byte) 'T') + 1;
                long published = 0;
                for (int i = 0; i < DIGITS; i++) {
                    published = published * 10 + bytes.getByte(digits + i) - '0';
                }
                latencies.recordValue(Math.max(0, System.nanoTime() - published));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
