package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.IoMode;
import dev.guildhall.transport.netty.NettyTransport;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway as an application has it, protocol and limits and all: whoever identifies is subscribed, and the first {@value #START} of a
 * client starts a publisher. One event loop.
 */
final class ProtocolPeer {
    /** The opcode that starts the publisher. */
    static final int START = 100;

    private static final String EVENT = "\"" + "x".repeat(90) + "\"";

    /** So long that no heartbeat falls into a measurement. */
    private static final Duration HEARTBEAT = Duration.ofHours(1);

    private static final int CONNECTIONS = 100_000;

    private final int rate;
    private final Engine engine;
    private final Guild guild;
    private final AtomicBoolean started = new AtomicBoolean();
    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("publisher").factory());

    ProtocolPeer(int port, IoMode io, int rate, SessionOptions options) {
        this.rate = rate;
        NettyTransport gateway = NettyTransport.builder()
                .host("127.0.0.1")
                .port(port)
                .path("/gateway")
                .io(io)
                .eventLoops(1)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .listener(new GatewayListener() {
                    @Override
                    public void onReady(GatewaySession session) {
                        session.session().subscribe(engine().guild("peers"));
                    }
                })
                .opcode(START, (session, data) -> start())
                .limits(GatewayLimits.DEFAULT.withConnections(CONNECTIONS, CONNECTIONS))
                .heartbeatInterval(HEARTBEAT)
                .sessionOptions(options)
                .build();
        this.engine = Engine.builder().transport(gateway).open();
        this.guild = engine.guild("peers");
    }

    private Engine engine() {
        return engine;
    }

    private void start() {
        if (started.compareAndSet(false, true)) {
            var _ = publisher.scheduleAtFixedRate(
                    () -> guild.publish(Event.of("E", EVENT)), 0, 1_000_000_000L / rate, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public String toString() {
        return "ProtocolPeer[" + engine + "]";
    }
}
