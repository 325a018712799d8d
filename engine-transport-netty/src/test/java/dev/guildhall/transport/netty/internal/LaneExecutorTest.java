package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.IoMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // a lost write fails the round trip
class LaneExecutorTest {
    private static final int ROUND_TRIPS = 20;

    /** A loop looks at its sockets once a second while tasks wait; these round trips would take 20 s. */
    private static final Duration LIMIT = Duration.ofSeconds(6);

    @Test
    void aFloodedLaneDoesNotStarveItsSockets() throws Exception {
        EventLoops loops = EventLoops.open(IoMode.NIO, 1);
        AtomicBoolean flooded = new AtomicBoolean(true);
        try {
            Channel server = echoServer(loops);
            flood(loops.lanes().getFirst(), flooded);
            InetSocketAddress address = (InetSocketAddress) server.localAddress();
            long start = System.nanoTime();
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    socket.getOutputStream().write(i);
                    assertThat(socket.getInputStream().read()).isEqualTo(i);
                }
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        } finally {
            flooded.set(false);
            loops.close();
        }
    }

    @Test
    void turnsOfALaneDoNotOverlap() throws Exception {
        EventLoops loops = EventLoops.open(IoMode.NIO, 1);
        LaneExecutor lane = loops.lanes().getFirst();
        AtomicBoolean inTurn = new AtomicBoolean();
        AtomicBoolean overlapped = new AtomicBoolean();
        CountDownLatch inner = new CountDownLatch(2);
        try {
            lane.execute(() -> {
                inTurn.set(true);
                Runnable next = () -> {
                    overlapped.compareAndSet(false, inTurn.get());
                    inner.countDown();
                };
                lane.execute(next);
                lane.execute(next);
                inTurn.set(false);
            });
            assertThat(inner.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(overlapped).isFalse();
        } finally {
            loops.close();
        }
    }

    private static void flood(LaneExecutor lane, AtomicBoolean flooded) {
        lane.execute(new Runnable() {
            @Override
            public void run() {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                if (flooded.get()) {
                    lane.execute(this);
                }
            }
        });
    }

    private static Channel echoServer(EventLoops loops) throws InterruptedException {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ctx.writeAndFlush(message, ctx.voidPromise());
                            }
                        });
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }
}
