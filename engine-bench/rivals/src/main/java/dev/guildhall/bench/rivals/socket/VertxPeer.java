package dev.guildhall.bench.rivals.socket;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.TimeUnit;

/**
 * Eclipse Vert.x's WebSocket: one event loop, on which every text is written to every socket. No sequence numbers and nothing to
 * resume.
 */
public final class VertxPeer extends VerticleBase {
    private final int port;
    private final Room room;

    private VertxPeer(int port, Room.Pace pace) {
        this.port = port;
        room = new Room(
                pace,
                (nanos, call) ->
                        vertx.setPeriodic(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), timer -> call.run()));
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
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertx.deployVerticle(new VertxPeer(port, pace)).await();
        return () -> vertx.close().await();
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(port).setAcceptBacklog(4_096);
        return vertx.createHttpServer(options).webSocketHandler(this::connected).listen();
    }

    private void connected(ServerWebSocket socket) {
        room.enter(socket::writeTextMessage);
        socket.textMessageHandler(room::said);
    }
}
