package dev.guildhall.bench.rivals.socket;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.listener.DefaultExceptionListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * netty-socketio, with WebSockets only: one worker thread with epoll, and a thread that sends each text as an event to each client, for
 * which it is encoded. It has sessions, but numbers nothing and has nothing to resume.
 */
public final class NettySocketIoPeer {
    private static final String EVENT = "e";
    private static final int AROUND = "42[\"e\",\"\"]".length();

    /** Longer than any run: its clients answer no pings. */
    private static final int PING_MILLIS = 600_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Room room;

    @SuppressWarnings("FutureReturnValueIgnored") // the room's timer never ends
    private NettySocketIoPeer(Room.Pace pace) {
        room = new Room(
                pace,
                (nanos, call) -> thread.scheduleAtFixedRate(call, 0, nanos, TimeUnit.NANOSECONDS),
                "",
                "",
                AROUND);
    }

    /**
     * Serves until it is killed.
     *
     * @param args PORT, MODE (rate or max), RATE_OR_WINDOW and BURST
     */
    public static void main(String[] args) {
        open(Integer.parseInt(args[0]), Room.Pace.of(args[1], args[2], args[3]));
    }

    /** Serves until it is closed. */
    static AutoCloseable open(int port, Room.Pace pace) {
        NettySocketIoPeer peer = new NettySocketIoPeer(pace);
        SocketIOServer server = peer.serve(port);
        return () -> {
            peer.thread.shutdownNow();
            server.stop();
        };
    }

    private SocketIOServer serve(int port) {
        Configuration configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(port);
        configuration.setTransports(Transport.WEBSOCKET);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(1);
        configuration.setUseLinuxNativeEpoll(true);
        configuration.setPingInterval(PING_MILLIS);
        configuration.getSocketConfig().setTcpNoDelay(true);
        configuration.getSocketConfig().setAcceptBackLog(4_096);
        configuration.setExceptionListener(new SilentEnds());
        SocketIOServer server = new SocketIOServer(configuration);
        server.addConnectListener(client -> thread.execute(() -> room.enter(text -> client.sendEvent(EVENT, text))));
        server.addEventListener(
                "say", String.class, (client, said, acknowledgement) -> thread.execute(() -> room.said(said)));
        server.start();
        return server;
    }

    /** The clients' sockets are reset in the end. */
    private static final class SilentEnds extends DefaultExceptionListener {
        @Override
        public boolean exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            return true;
        }
    }
}
