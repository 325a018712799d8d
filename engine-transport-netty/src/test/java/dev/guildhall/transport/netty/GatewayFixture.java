package dev.guildhall.transport.netty;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.ResumeResult.Reason;
import dev.guildhall.testkit.contract.FailingStart;
import dev.guildhall.testkit.contract.RemoteClient;
import dev.guildhall.testkit.contract.TransportFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway under the contract of transports, with clients on the JDK's WebSocket. */
record GatewayFixture(NettyTransport transport) implements TransportFixture {
    private static final int SAY = 100;
    private static final int INVALID_SESSION = 9;
    private static final int GOING_AWAY = 1001;
    private static final int LOOKS = 2_000;
    private static final Duration LOOK = Duration.ofMillis(10);

    static GatewayFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return create(0, options, onCommand);
    }

    private static GatewayFixture create(int port, SessionOptions options, BiConsumer<Session, String> onCommand) {
        return new GatewayFixture(NettyTransport.builder()
                .port(port)
                .eventLoops(2)
                .sessionOptions(options)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .opcode(SAY, (session, data) -> onCommand.accept(session.session(), data.toString()))
                .build());
    }

    /** Somebody else listens on the port. */
    static FailingStart failingStart() throws IOException {
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        int port = other.getLocalPort();
        return new FailingStart(() -> create(port, SessionOptions.DEFAULT, (session, text) -> {}).transport, other);
    }

    private TestClient greeted() throws Exception {
        TestClient client = TestClient.connect(transport.url());
        if (answer(client) == null) {
            throw new IOException("no hello, but closed: " + client.closed());
        }
        return client;
    }

    /** The next message; null if the gateway has closed the connection instead. */
    private static @Nullable JsonNode answer(TestClient client) throws InterruptedException {
        for (int i = 0; i < LOOKS && client.isOpen(); i++) {
            JsonNode message = client.poll(LOOK);
            if (message != null) {
                return message;
            }
        }
        return client.poll(Duration.ZERO); // it may have come just before the end
    }

    @Override
    public RemoteClient connect(String user) throws Exception {
        TestClient client = greeted();
        client.identify(user);
        JsonNode ready = answer(client);
        if (ready == null) {
            throw new IOException("not READY, but closed: " + client.closed());
        }
        return new Client(
                client,
                user,
                ready.get("d").get("session_id").stringValue(),
                ready.get("s").longValue());
    }

    private final class Client implements RemoteClient {
        private final TestClient socket;
        private final String token;
        private final String sessionId;
        private long last;
        private @Nullable JsonNode first;

        Client(TestClient socket, String token, String sessionId, long last) {
            this.socket = socket;
            this.token = token;
            this.sessionId = sessionId;
            this.last = last;
        }

        @Override
        public @Nullable Arrived next(Duration patience) throws InterruptedException {
            JsonNode message = first != null ? first : socket.poll(patience);
            first = null;
            if (message == null) {
                return null;
            }
            last = message.get("s").longValue();
            return new Arrived(message.get("t").stringValue(), message.get("d").toString(), last);
        }

        @Override
        public void stall() {
            socket.stall();
        }

        @Override
        public void unstall() {
            socket.unstall();
        }

        @Override
        public void send(String text) {
            try {
                socket.send("{\"op\":" + SAY + ",\"d\":" + text + "}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void cut() {
            socket.cut();
        }

        @Override
        public void leave() {
            try {
                socket.leave(1000);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean isClosed(Duration patience) throws InterruptedException {
            return socket.isClosedWithin(patience);
        }

        @Override
        public Resumed resume() throws Exception {
            return resume(token, last);
        }

        @Override
        public Resumed resume(String user, long lastSeq) throws Exception {
            TestClient next = greeted();
            next.resume(user, sessionId, lastSeq);
            JsonNode answer = answer(next);
            if (answer == null) {
                return new Resumed(null, reasonOf(next.closeCode(), lastSeq));
            }
            if (answer.get("op").intValue() == INVALID_SESSION) {
                next.cut();
                return new Resumed(null, answer.get("d").booleanValue() ? Reason.OVERLOADED : null);
            }
            Client client = new Client(next, token, sessionId, lastSeq);
            client.first = answer;
            return new Resumed(client, null);
        }

        /** One code says that the number is wrong, whichever way. */
        private static Reason reasonOf(int closeCode, long lastSeq) throws IOException {
            if (closeCode == GOING_AWAY) {
                return Reason.ENGINE_CLOSED;
            }
            if (closeCode == GatewayCloseCode.INVALID_SEQ.code()) {
                return lastSeq < 0 ? Reason.SEQ_INVALID : Reason.SEQ_AHEAD;
            }
            throw new IOException("closed with code " + closeCode + " instead of an answer to a resume");
        }
    }
}
