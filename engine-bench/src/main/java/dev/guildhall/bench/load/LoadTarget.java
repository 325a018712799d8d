package dev.guildhall.bench.load;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.NettyTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway to try loads on: lets everybody in, and publishes the {@code d} of a client's opcode {@value #PUBLISH} to all of its
 * guild, which is the {@code guild} of the properties it identifies with.
 */
final class LoadTarget implements AutoCloseable {
    static final int DEFAULT_PORT = 8090;
    static final int PUBLISH = 100;
    static final String EVENT = "LOAD";

    private static final int MANY = 1_000_000;
    private static final int MOST_BYTES = 1 << 20;

    private final NettyTransport gateway;
    private final Engine engine;

    /**
     * @param port or 0 for any free one
     */
    LoadTarget(int port, int eventLoops, SessionOptions sessions) {
        gateway = NettyTransport.builder()
                .port(port)
                .eventLoops(eventLoops)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .listener(new GatewayListener() {
                    @Override
                    public void onReady(GatewaySession session) {
                        session.session().subscribe(engine().guild(guild(session)));
                    }
                })
                .opcode(PUBLISH, this::publish)
                .sessionOptions(sessions)
                .maxInboundBytes(MOST_BYTES)
                .messageRate(MANY, Duration.ofSeconds(1))
                .limits(GatewayLimits.DEFAULT.withConnections(MANY, MANY))
                .build();
        engine = Engine.builder().transport(gateway).open();
    }

    private Engine engine() {
        return engine;
    }

    URI url() {
        return gateway.url();
    }

    private void publish(GatewaySession session, JsonNode data) {
        publish(guild(session), data.toString());
    }

    void publish(String guild, String json) {
        engine.guild(guild).publish(Event.of(EVENT, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String guild(GatewaySession session) {
        return session.identify().data().path("properties").path("guild").asString("load");
    }

    @Override
    public void close() {
        engine.close();
    }
}
