package dev.guildhall.bench.rivals.socket;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * Eclipse Jetty's WebSocket without servlets: one selector, the default thread pool, and a thread that hands each text to each session,
 * which queues it. No sequence numbers and nothing to resume.
 */
public final class JettyPeer {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Room room;

    @SuppressWarnings("FutureReturnValueIgnored") // the room's timer never ends
    private JettyPeer(Room.Pace pace) {
        room = new Room(pace, (nanos, call) -> thread.scheduleAtFixedRate(call, 0, nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * Serves until it is killed.
     *
     * @param args PORT, MODE (rate or max), RATE_OR_WINDOW and BURST
     */
    public static void main(String[] args) throws Exception {
        open(Integer.parseInt(args[0]), Room.Pace.of(args[1], args[2], args[3]));
    }

    /** Serves until it is closed. */
    static AutoCloseable open(int port, Room.Pace pace) throws Exception {
        JettyPeer peer = new JettyPeer(pace);
        Server server = peer.serve(port);
        return () -> {
            peer.thread.shutdownNow();
            server.stop();
        };
    }

    private Server serve(int port) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setAcceptQueueSize(4_096);
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(
                server, container -> container.addMapping("/gateway", (request, response, callback) -> new Client())));
        server.start();
        return server;
    }

    /** Jetty calls this with its reflection, so that it has to be public. */
    public final class Client extends Session.Listener.AbstractAutoDemanding implements Room.Client {

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            thread.execute(() -> room.enter(this));
        }

        @Override
        public void onWebSocketText(String text) {
            thread.execute(() -> room.said(text));
        }

        /** Not logged: at the end the clients go away in the middle of everything. */
        @Override
        public void onWebSocketError(Throwable cause) {}

        @Override
        public void send(String text) {
            getSession().sendText(text, Callback.NOOP);
        }
    }
}
