package dev.guildhall.transport.netty;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.testkit.contract.RemoteClient;
import dev.guildhall.testkit.contract.TransportFixture;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway under the contract of transports, with clients on the JDK's WebSocket. */
record GatewayFixture(NettyTransport transport) implements TransportFixture {
    private static final int SAY = 100;
    private static final int INVALID_SESSION = 9;

    static GatewayFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return new GatewayFixture(NettyTransport.builder()
                .port(0)
                .eventLoops(2)
                .sessionOptions(options)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .opcode(SAY, (session, data) -> onCommand.accept(session.session(), data.toString()))
                .build());
    }

    private TestClient greeted() throws InterruptedException {
        TestClient client = TestClient.connect(transport.url());
        client.next(); // hello
        return client;
    }

    @Override
    public RemoteClient connect(String user) throws Exception {
        TestClient client = greeted();
        client.identify(user);
        JsonNode ready = client.next();
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
            TestClient next = greeted();
            next.resume(token, sessionId, last);
            JsonNode answer = next.next();
            if (answer.get("op").intValue() == INVALID_SESSION) {
                return new Resumed(null, ResumeResult.Reason.UNKNOWN);
            }
            Client client = new Client(next, token, sessionId, last);
            client.first = answer;
            return new Resumed(client, null);
        }
    }
}
