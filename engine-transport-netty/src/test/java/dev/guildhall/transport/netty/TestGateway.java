package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** An engine with a gateway on a free port. Every token {@code user:NAME} is good; everybody is in the guild "hall". */
final class TestGateway implements AutoCloseable {
    /** Opcode by which a client publishes its data in the guild as MESSAGE_CREATE. */
    static final int POST = 100;

    /** Sessions that end with their connection. */
    static final SessionOptions NO_RESUME =
            SessionOptions.builder().resumeWindow(Duration.ZERO).build();

    private final BlockingQueue<GatewaySession> ready = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final NettyTransport transport;
    private final Engine engine;

    record Ended(String user, CloseReason reason) {}

    private TestGateway(UnaryOperator<NettyTransportBuilder> change) {
        transport = change.apply(NettyTransport.builder()
                        .port(0)
                        .eventLoops(2)
                        .authenticator(TestGateway::authenticate)
                        .listener(new HallListener())
                        .sessionOptions(NO_RESUME)
                        .opcode(POST, (session, data) -> guild().publish(Event.of("MESSAGE_CREATE", data.toString()))))
                .build();
        engine = Engine.builder().transport(transport).open();
    }

    static TestGateway open() {
        return open(builder -> builder);
    }

    static TestGateway open(UnaryOperator<NettyTransportBuilder> change) {
        return new TestGateway(change);
    }

    static TestGateway withBacklog(int events) {
        return open(b ->
                b.sessionOptions(NO_RESUME.toBuilder().maxBacklogEvents(events).build()));
    }

    /** Clients may read streams of events too, and come back. */
    static TestGateway withEventStreams(UnaryOperator<NettyTransportBuilder> change) {
        return open(b -> change.apply(b.eventStreams(EventStreamOptions.ON).sessionOptions(SessionOptions.DEFAULT)));
    }

    NettyTransport transport() {
        return transport;
    }

    Engine engine() {
        return engine;
    }

    Guild guild() {
        return engine.guild("hall");
    }

    URI url() {
        return transport.url();
    }

    int port() {
        return transport.address().getPort();
    }

    /** The next session that is subscribed. */
    GatewaySession nextReady() throws InterruptedException {
        GatewaySession session = ready.poll(10, TimeUnit.SECONDS);
        assertThat(session).as("onReady").isNotNull();
        return session;
    }

    Ended nextEnded() throws InterruptedException {
        Ended next = ended.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("onClose").isNotNull();
        return next;
    }

    /** A client that has had hello and READY and is subscribed. */
    TestClient join(String user) throws Exception {
        TestClient client = TestClient.connect(url());
        client.next();
        client.identify("user:" + user);
        assertThat(client.next().get("t").stringValue()).isEqualTo("READY");
        assertThat(nextReady().user()).isEqualTo(user);
        return client;
    }

    @Override
    public void close() {
        engine.close();
    }

    private static Authentication authenticate(Identify identify) {
        if (identify.token().startsWith("user:")) {
            String user = identify.token().substring("user:".length());
            return Authentication.accepted(
                    user,
                    JsonMapper.shared().createObjectNode().put("user", user).put("v", 3));
        }
        if (identify.token().startsWith("limited:")) {
            throw new GatewayException(GatewayCloseCode.DISALLOWED_INTENTS, "not for you");
        }
        if (identify.token().startsWith("broken:")) {
            throw new IllegalStateException("cannot read " + identify.token());
        }
        return Authentication.refused("unknown token");
    }

    private final class HallListener implements GatewayListener {
        @Override
        public void onReady(GatewaySession session) {
            session.session().subscribe(guild());
            ready.add(session);
        }

        @Override
        public void onClose(GatewaySession session, CloseReason reason) {
            ended.add(new Ended(session.user(), reason));
        }
    }
}
