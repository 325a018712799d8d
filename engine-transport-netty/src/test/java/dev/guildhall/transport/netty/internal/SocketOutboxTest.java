package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.MessageDecoder;
import dev.guildhall.transport.netty.internal.MessageFormTest.Agreement;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes on real sockets that take little, to clients that read now and then: every message arrives, once and in order. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored") // what is not written is missed by the reader
class SocketOutboxTest {
    private static final String NOISE = noise();
    private static final int CLIENTS = 4;
    private static final int STEPS = 1_000;
    private static final int SMALL_BUFFER = 4 * 1024;

    private final long seed = Long.getLong("guildhall.seed", System.nanoTime());
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Sender> senders = new ArrayList<>();
    private int partialWrites;
    private Agreement agreement = Agreement.PLAIN;
    private Compression compression = agreement.compression(0);

    @BeforeEach
    void needsEpoll() {
        assumeTrue(Epoll.isAvailable());
        System.out.println("-Dguildhall.seed=" + seed);
    }

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static String noise() {
        byte[] bytes = new byte[150_000];
        new Random(1).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "DEFLATE_SHARED", "DEFLATE_WINDOW", "ZLIB_OWN", "ZSTD"})
    void everyMessageArrivesOnceAndInOrder(Agreement value) throws Exception {
        agreement = value;
        compression = value.compression(CLIENTS);
        Random random = new Random(seed);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.SO_SNDBUF, SMALL_BUFFER)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(30 * 1024, 32 * 1024))
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRegistered(ChannelHandlerContext ctx) {
                        Sender sender = new Sender(ctx.channel(), new Random(random.nextLong()));
                        senders.add(sender);
                        ctx.pipeline().replace(this, "sender", sender);
                    }

                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        for (int i = 0; i < CLIENTS; i++) {
            ends.add(reader(server.localAddress(), random.nextLong()));
        }
        for (CompletableFuture<Void> end : ends) {
            end.get(100, TimeUnit.SECONDS);
        }
        server.close().sync();
        assertThat(partialWrites).as("times that a socket did not take all").isGreaterThan(100);
    }

    /** Reads with pauses, and holds what came against what was to be sent. */
    private CompletableFuture<Void> reader(SocketAddress server, long readerSeed) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(SMALL_BUFFER);
                socket.connect(server);
                Random random = new Random(readerSeed);
                ByteArrayOutputStream received = new ByteArrayOutputStream();
                InputStream in = socket.getInputStream();
                byte[] chunk = new byte[64 * 1024];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk, 0, 1 + random.nextInt(chunk.length))) {
                    received.write(chunk, 0, n);
                    if (random.nextInt(40) == 0) {
                        LockSupport.parkNanos(100_000); // the kernel's buffers fill
                    }
                }
                Sender sender = sender(socket.getLocalPort());
                ByteArrayOutputStream messages = new ByteArrayOutputStream();
                try (MessageDecoder decoder = new MessageDecoder(agreement.way)) {
                    for (byte[] frame : MessageFormTest.split(received.toByteArray())) {
                        messages.writeBytes(decoder.decode(frame[0] & 0xFF, MessageFormTest.payload(frame)));
                    }
                }
                assertThat(messages.size()).isEqualTo(sender.expected.size());
                assertThat(messages.toByteArray()).isEqualTo(sender.expected.toByteArray());
                end.complete(null);
            } catch (IOException | AssertionError | RuntimeException e) {
                end.completeExceptionally(new AssertionError("-Dguildhall.seed=" + seed, e));
            }
        });
        return end;
    }

    private Sender sender(int clientPort) {
        return senders.stream()
                .filter(sender -> sender.port == clientPort)
                .findFirst()
                .orElseThrow();
    }

    /** Writes batches of events of all sizes, flushed or not before another's turn, and other messages between them. */
    private final class Sender extends ChannelInboundHandlerAdapter {
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        private final Channel channel;
        private final Random random;
        private final GatewayConnection connection;
        private int port;
        private int steps;
        private long seq;
        private boolean waits;
        private boolean writes;

        Sender(Channel channel, Random random) {
            this.channel = channel;
            this.random = random;
            this.connection = new GatewayConnection(channel, compression.none(), reason -> {});
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            port = ((InetSocketAddress) channel.remoteAddress()).getPort();
            connection.speak(MessageFormTest.agreed(compression, agreement.way));
            acknowledgement(); // the first message is outside the sequence
            ctx.executor().execute(this::step);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (!channel.isWritable()) {
                return;
            }
            if (!writes && steps <= STEPS) { // what comes after the last step may be cut off by the close
                acknowledgement(); // perhaps while another connection adds a frame
            }
            if (waits) {
                waits = false;
                ctx.executor().execute(this::step);
            }
        }

        private void step() {
            if (steps++ == STEPS) {
                connection.flush();
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
                return;
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                event();
            }
            if (random.nextInt(8) == 0) {
                acknowledgement();
            }
            if (random.nextInt(4) != 0) {
                connection.flush();
            }
            if (channel.isWritable()) {
                channel.eventLoop().execute(this::step);
            } else {
                partialWrites++;
                waits = true;
            }
        }

        private void acknowledgement() {
            byte[] message = ControlMessages.heartbeatAck();
            connection.send(message);
            expected.writeBytes(message);
        }

        private void event() {
            int size = switch (random.nextInt(400)) {
                case 0 -> 150_000;
                case 1, 2, 3 -> 70_000;
                default -> random.nextInt(600);
            };
            int at = random.nextInt(NOISE.length() - size);
            String data = "\"" + NOISE.substring(at, at + size) + "\"";
            seq++;
            String message = String.format("{\"s\":%10d,\"op\":0,\"t\":\"T\",\"d\":%s}", seq, data);
            expected.writeBytes(message.getBytes(StandardCharsets.US_ASCII));
            writes = true;
            connection.write(Event.of("T", data), seq);
            writes = false;
        }
    }
}
