package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.IoMode;
import dev.guildhall.transport.netty.NettyTransport;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** The gateway as an application has it, protocol and limits and all: whoever identifies is subscribed. One event loop. */
final class ProtocolPeer implements GatewayListener {
    /** So long that no heartbeat falls into a measurement. */
    private static final Duration HEARTBEAT = Duration.ofHours(1);

    private static final int CONNECTIONS = 100_000;

    private final Engine engine;

    ProtocolPeer(int port, IoMode io, SessionOptions options) {
        NettyTransport gateway = NettyTransport.builder()
                .host("127.0.0.1")
                .port(port)
                .path("/gateway")
                .io(io)
                .eventLoops(1)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .listener(this)
                .limits(GatewayLimits.DEFAULT.withConnections(CONNECTIONS, CONNECTIONS))
                .heartbeatInterval(HEARTBEAT)
                .sessionOptions(options)
                .build();
        this.engine = Engine.builder().transport(gateway).open();
    }

    @Override
    public void onReady(GatewaySession session) {
        session.session().subscribe(engine.guild("peers"));
    }

    @Override
    public String toString() {
        return "ProtocolPeer[" + engine + "]";
    }
}
