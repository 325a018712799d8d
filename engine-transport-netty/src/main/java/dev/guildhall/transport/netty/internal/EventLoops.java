package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.IoMode;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of one gateway, its own or an application's, each with its lane's executor. */
public final class EventLoops {
    /** Many sockets per ring, and room for the completions of all of them: an overflow would cost a system call each. */
    private static final int RING_SIZE = 4096;

    private static final int COMPLETION_QUEUE_SIZE = 65_536;

    /** Short, since every session and connection has ended when the loops do. */
    private static final long QUIET_MILLIS = 20;

    private static final long SHUTDOWN_SECONDS = 3;

    private final IoMode mode;
    private final EventLoopGroup acceptors;
    private final EventLoopGroup group;
    private final boolean own;
    private final List<LaneExecutor> lanes = new ArrayList<>();

    private EventLoops(IoMode mode, EventLoopGroup acceptors, EventLoopGroup group, boolean own) {
        this.mode = mode;
        this.acceptors = acceptors;
        this.group = group;
        this.own = own;
        for (EventExecutor executor : group) {
            lanes.add(new LaneExecutor((EventLoop) executor));
        }
    }

    static EventLoops open(IoMode mode, int count) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("guildhall-loop"), handlerFactory(mode));
        return new EventLoops(mode, group, group, true);
    }

    /** What an application brings, and ends itself. */
    static EventLoops shared(IoEventLoopGroup acceptors, IoEventLoopGroup group) {
        return new EventLoops(modeOf(group), acceptors, group, false);
    }

    /**
     * How an application's event loops wait.
     *
     * @throws IllegalArgumentException if it is in none of the ways this transport knows
     */
    public static IoMode modeOf(IoEventLoopGroup group) {
        if (group.isIoType(EpollIoHandler.class)) {
            return IoMode.EPOLL;
        }
        if (group.isIoType(IoUringIoHandler.class)) {
            return IoMode.IO_URING;
        }
        if (group.isIoType(NioIoHandler.class)) {
            return IoMode.NIO;
        }
        throw new IllegalArgumentException("eventLoops must be of epoll, io_uring or NIO, were " + group);
    }

    /** What runs when this is asked for: itself where it works. */
    static IoMode choose(IoMode wanted) {
        return switch (wanted) {
            case AUTO, EPOLL -> Epoll.isAvailable() ? IoMode.EPOLL : IoMode.NIO;
            case IO_URING -> IoUring.isAvailable() ? IoMode.IO_URING : IoMode.NIO;
            case NIO -> IoMode.NIO;
        };
    }

    EventLoopGroup acceptors() {
        return acceptors;
    }

    EventLoopGroup group() {
        return group;
    }

    boolean has(EventLoop loop) {
        return lanes.stream().anyMatch(lane -> lane.loop() == loop);
    }

    List<LaneExecutor> lanes() {
        return lanes;
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (mode) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case AUTO, NIO -> NioServerSocketChannel.class;
        };
    }

    /** Ends the threads, if they are the gateway's own; waits for it, but not for ever. */
    void close() {
        if (!own) {
            return;
        }
        group.shutdownGracefully(QUIET_MILLIS, TimeUnit.SECONDS.toMillis(SHUTDOWN_SECONDS), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    private static IoHandlerFactory handlerFactory(IoMode mode) {
        return switch (mode) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING ->
                IoUringIoHandler.newFactory(
                        new IoUringIoHandlerConfig().setRingSize(RING_SIZE).setCqSize(COMPLETION_QUEUE_SIZE));
            case AUTO, NIO -> NioIoHandler.newFactory();
        };
    }
}
