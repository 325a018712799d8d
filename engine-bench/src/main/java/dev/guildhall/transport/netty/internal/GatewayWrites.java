package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.IoMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * The gateway's connection of one client that reads everything, without engine and protocol: events of 128 bytes, as dispatch frames
 * through epoll's way past the pipeline. A thread of its own is the client.
 */
public final class GatewayWrites implements AutoCloseable {
    private static final int FLUSHED_AT_ONCE = 8;
    private static final long PAUSE_NANOS = 10_000;
    private static final long PATIENCE_SECONDS = 60;

    private final EventLoops loops = EventLoops.open(IoMode.EPOLL, 1);
    private final Event event = Event.of("BENCH", "\"" + "x".repeat(126) + "\"");
    private final DispatchEncoding encoding = new DispatchEncoding(Map.of());
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final Channel listening;
    private final Socket client;
    private volatile long received;

    // Of the event loop.
    private long seq;
    private long sent;

    /** Whether the machine has epoll. */
    public static boolean isPossible() {
        return EventLoops.choose(IoMode.EPOLL) == IoMode.EPOLL;
    }

    /** Connects. */
    public GatewayWrites() {
        listening = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.complete(channel);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        try {
            client = new Socket(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) listening.localAddress()).getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream input = client.getInputStream()) {
            long total = 0;
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                total += count;
                received = total;
            }
        } catch (IOException e) {
            // closed; whoever waits for more is told when its patience ends
        }
    }

    /** Lets the work, which writes so many events and waits until the client has them, be counted on the event loop. */
    public long count(int events, ToLongFunction<Runnable> counting) {
        Channel channel = accepted.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        CompletableFuture<Long> counted = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            GatewayConnection connection = new GatewayConnection(channel, new PlainForm(encoding), reason -> {});
            int length = event.encoded(encoding).length();
            counted.completeAsync(() -> counting.applyAsLong(() -> write(connection, events, length)), Runnable::run);
        });
        return counted.join();
    }

    private void write(GatewayConnection connection, int events, int length) {
        for (int i = 0; i < events; i++) {
            connection.write(event, ++seq);
            if (i % FLUSHED_AT_ONCE == FLUSHED_AT_ONCE - 1) {
                connection.flush();
            }
        }
        sent += (long) events * length;
        long began = System.nanoTime();
        while (received < sent) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IllegalStateException("the client has " + received + " of " + sent + " bytes");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = listening.close();
        loops.close();
    }

    @Override
    public String toString() {
        return "GatewayWrites[" + received + " bytes received]";
    }
}
