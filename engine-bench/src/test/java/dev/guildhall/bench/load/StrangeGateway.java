package dev.guildhall.bench.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody else's gateway, which writes its messages in another order than Guildhall's, and has one fault. One event loop, so nothing
 * is shared.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StrangeGateway implements AutoCloseable {
    private static final int AFTER = 10;
    private static final String FIRST = "strange-0";

    /** What it does, once in each session after ten dispatches. The first session's link it leaves alone, so that there is a publisher. */
    enum Fault {
        NONE,
        LEAVES_OUT_A_NUMBER,
        SENDS_A_NUMBER_AGAIN,
        /** Under the number of the next one. */
        LOSES_AN_EVENT,
        /** Under a number of its own. */
        SENDS_AN_EVENT_TWICE,
        /** In place of the one after it. */
        SENDS_AN_EVENT_FOR_ANOTHER,
        /** Opcode 7. */
        ASKS_TO_RECONNECT,
        /** Closes with 4000, and says 9 with true once before it lets somebody resume. */
        CLOSES_AND_HESITATES,
        /** Closes with 4000, and says 9 with false to whoever resumes. */
        CLOSES_AND_FORGETS,
        /** Closes with 4004 whoever identifies. */
        REFUSES_TOKENS,
        NEVER_SAYS_HELLO,
        ACKNOWLEDGES_NO_HEARTBEAT
    }

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Member> members = new HashMap<>();
    private final Fault fault;
    private final Channel server;
    private int sessions;

    StrangeGateway(Fault fault) {
        this.fault = fault;
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(8192),
                                        new WebSocketServerProtocolHandler("/strange", true),
                                        new Visitor());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/strange");
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void send(Channel channel, String message) {
        channel.writeAndFlush(new TextWebSocketFrame(message));
    }

    /** A session, with all it was ever sent. */
    private final class Member {
        private final List<String> sent = new ArrayList<>();
        private @Nullable Channel channel;
        private boolean hasFailed;
        private boolean hasHesitated;

        private void event(String type, String data) {
            long number = sent.size() + 1L;
            String message = "{\"t\":\"" + type + "\",\"s\":" + number + ",\"op\":0,\"d\":" + data + "}";
            sent.add(message);
            if (channel != null) {
                send(channel, message);
            }
        }

        private void publish(String data) {
            boolean isLinkFault = fault == Fault.ASKS_TO_RECONNECT
                    || fault == Fault.CLOSES_AND_HESITATES
                    || fault == Fault.CLOSES_AND_FORGETS;
            if (sent.size() < AFTER || hasFailed || (isLinkFault && this == members.get(FIRST))) {
                event("LOAD", data);
                return;
            }
            hasFailed = true;
            switch (fault) {
                case LEAVES_OUT_A_NUMBER -> {
                    sent.add("");
                    event("LOAD", data);
                }
                case SENDS_A_NUMBER_AGAIN -> {
                    event("LOAD", data);
                    if (channel != null) {
                        send(channel, sent.getLast());
                    }
                }
                case LOSES_AN_EVENT -> {}
                case SENDS_AN_EVENT_TWICE -> {
                    event("LOAD", data);
                    event("LOAD", data);
                }
                case SENDS_AN_EVENT_FOR_ANOTHER -> {
                    String before = sent.getLast();
                    event("LOAD", before.substring(before.indexOf("\"d\":") + 4, before.length() - 1));
                }
                case ASKS_TO_RECONNECT -> {
                    event("LOAD", data);
                    if (channel != null) {
                        send(channel, "{\"d\":null,\"op\":7}");
                    }
                }
                case CLOSES_AND_HESITATES, CLOSES_AND_FORGETS -> {
                    event("LOAD", data);
                    if (channel != null) {
                        channel.writeAndFlush(new CloseWebSocketFrame(4000, "try again"));
                    }
                }
                default -> event("LOAD", data);
            }
        }
    }

    private final class Visitor extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private @Nullable Member member;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof HandshakeComplete && fault != Fault.NEVER_SAYS_HELLO) {
                int interval = fault == Fault.ACKNOWLEDGES_NO_HEARTBEAT ? 300 : 500;
                send(context.channel(), "{\"d\":{\"heartbeat_interval\":" + interval + "},\"op\":10,\"t\":null}");
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            JsonNode message = JsonMapper.shared().readTree(frame.text());
            JsonNode data = message.path("d");
            switch (message.path("op").asInt()) {
                case 1 -> {
                    if (fault != Fault.ACKNOWLEDGES_NO_HEARTBEAT) {
                        send(context.channel(), "{\"op\":11}");
                    }
                }
                case 2 -> identify(context.channel());
                case 6 -> resume(context.channel(), data);
                case 100 -> members.values().forEach(each -> each.publish(data.toString()));
                default -> throw new AssertionError("got " + message);
            }
        }

        private void identify(Channel channel) {
            if (fault == Fault.REFUSES_TOKENS) {
                channel.writeAndFlush(new CloseWebSocketFrame(4004, "who are you"));
                return;
            }
            Member fresh = new Member();
            String id = "strange-" + sessions++;
            members.put(id, fresh);
            member = fresh;
            fresh.channel = channel;
            fresh.event("READY", "{\"session_id\":\"" + id + "\",\"resume_gateway_url\":\"" + url() + "\"}");
        }

        private void resume(Channel channel, JsonNode data) {
            Member known = members.get(data.path("session_id").asString());
            if (known == null || fault == Fault.CLOSES_AND_FORGETS) {
                members.remove(data.path("session_id").asString());
                send(channel, "{\"d\":false,\"op\":9}");
                return;
            }
            if (fault == Fault.CLOSES_AND_HESITATES && !known.hasHesitated) {
                known.hasHesitated = true;
                send(channel, "{\"d\":true,\"op\":9}");
                return;
            }
            member = known;
            known.channel = channel;
            known.sent.stream().skip(data.path("seq").asLong()).forEach(message -> send(channel, message));
            known.event("RESUMED", "{}");
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (member != null && member.channel == context.channel()) {
                member.channel = null;
            }
        }
    }
}
