package dev.guildhall.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One user of a soak, with one connection at a time: joins and leaves guilds, stops reading, vanishes, comes back to its session
 * or begins a new one, all at random, and follows what it gets. Everything runs on its event loop, so nothing here is shared.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and a closed channel is looked at
final class SoakClient {
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final int MAX_FRAME = 64 * 1024;
    private static final int RESUME = 6;
    private static final int IDENTIFY = 2;
    private static final int FIRST_GUILDS = 3;
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int COME_BACK = 4000;

    private final SoakHall hall;
    private final SoakTally tally;
    private final URI url;
    private final String user;
    private final Random random;
    private final EventLoop loop;
    private final Map<String, SoakStream> streams = new HashMap<>();
    private final List<String> left = new ArrayList<>();
    private @Nullable Channel channel;
    private @Nullable String session;
    private boolean ready;
    private long lastSeq;
    private boolean ended;

    SoakClient(SoakHall hall, URI url, String user, long seed, EventLoop loop) {
        this.hall = hall;
        this.tally = hall.tally();
        this.url = url;
        this.user = user;
        this.random = new Random(seed);
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    void start() {
        connect();
        soon(1_000, this::act);
    }

    /** Goes away for good. On the loop. */
    void end() {
        ended = true;
        Channel present = channel;
        if (present != null) {
            present.close();
        }
    }

    /** Whether it is connected and knows where all its subscriptions begin; if not, it works on that. On the loop. */
    boolean isSettled() {
        if (!isReady()) {
            return false;
        }
        boolean settled = true;
        for (Map.Entry<String, SoakStream> stream : streams.entrySet()) {
            if (!stream.getValue().isBegun()) {
                settled = false;
                send(SoakHall.JOIN, JsonMapper.shared().writeValueAsString(stream.getKey()));
            }
        }
        return settled;
    }

    boolean isComplete() {
        return isReady() && streams.values().stream().allMatch(SoakStream::isComplete);
    }

    void judge() {
        if (!isReady()) {
            tally.unaccounted(user + " is not connected at the end");
        }
        streams.values().forEach(SoakStream::settle);
    }

    private boolean isReady() {
        Channel present = channel;
        if (present != null && !present.config().isAutoRead()) {
            present.config().setAutoRead(true);
        }
        return ready && present != null;
    }

    private void act() {
        if (ended) {
            return;
        }
        soon(1_500, this::act);
        Channel present = channel;
        if (!ready || present == null) {
            return;
        }
        send(1, String.valueOf(lastSeq));
        if (!hall.isMixing()) {
            return;
        }
        int chance = random.nextInt(100);
        if (chance < 25) {
            join();
        } else if (chance < 32) {
            leaveGuild();
        } else if (chance < 50) {
            stall(present);
        } else if (chance < 65) {
            cut(present);
        } else if (chance < 68) {
            // What it says last, it does not come back to.
            forget();
            ready = false;
            present.writeAndFlush(new CloseWebSocketFrame(NORMAL, "bye"));
        }
    }

    private void join() {
        String guild = hall.guilds().get(random.nextInt(hall.guilds().size()));
        if (!streams.containsKey(guild) && !left.contains(guild)) {
            streams.put(guild, new SoakStream(user + " in " + guild, hall.ledger(guild), tally));
            send(SoakHall.JOIN, JsonMapper.shared().writeValueAsString(guild));
        }
    }

    /** Until its session ends it does not come back to that guild: the end of a subscription has no place in the order. */
    private void leaveGuild() {
        if (!streams.isEmpty()) {
            String guild = new ArrayList<>(streams.keySet()).get(random.nextInt(streams.size()));
            streams.remove(guild);
            left.add(guild);
            send(SoakHall.LEAVE, JsonMapper.shared().writeValueAsString(guild));
        }
    }

    private void stall(Channel present) {
        tally.stalls.incrementAndGet();
        present.config().setAutoRead(false);
        soon(6_000, () -> present.config().setAutoRead(true));
    }

    private void cut(Channel present) {
        tally.cuts.incrementAndGet();
        if (random.nextInt(8) == 0) {
            forget();
        }
        if (random.nextBoolean()) {
            present.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        lost(present);
        present.close();
    }

    private void forget() {
        session = null;
        streams.clear();
        left.clear();
    }

    private void lost(Channel which) {
        if (channel == which) {
            channel = null;
            ready = false;
            if (!ended) {
                soon(1_500, this::connect);
            }
        }
    }

    private void connect() {
        if (ended || channel != null) {
            return;
        }
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(url)
                .maxFramePayloadLength(MAX_FRAME)
                .handleCloseFrames(false)
                .sendCloseFrame(null) // a cut says nothing
                .build();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.SO_RCVBUF, SMALL_BUFFER)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        created.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_FRAME),
                                        new WebSocketClientProtocolHandler(config),
                                        new Reader());
                    }
                })
                .connect(url.getHost(), url.getPort())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        soon(500, this::connect);
                    }
                });
    }

    private void begin() {
        String present = session;
        if (present == null) {
            send(IDENTIFY, "{\"token\":\"" + user + "\",\"intents\":1,\"properties\":{}}");
        } else {
            send(RESUME, "{\"token\":\"" + user + "\",\"session_id\":\"" + present + "\",\"seq\":" + lastSeq + "}");
        }
    }

    private void receive(JsonNode message) {
        switch (message.get("op").intValue()) {
            case 0 -> dispatch(message);
            case 9 -> {
                if (!message.get("d").booleanValue()) {
                    tally.sessionsEnded.incrementAndGet();
                    forget();
                }
                soon(200, this::begin);
            }
            case 10 -> begin();
            default -> {}
        }
    }

    private void dispatch(JsonNode message) {
        long seq = message.get("s").longValue();
        JsonNode data = message.get("d");
        String type = message.get("t").stringValue();
        if (type.equals("READY")) {
            forget(); // what was asked of a session that was ending
            session = data.get("session_id").stringValue();
            ready = true;
            for (int i = 0; i < FIRST_GUILDS; i++) {
                join();
            }
        } else if (seq != lastSeq + 1) {
            tally.unaccounted(user + " got number " + seq + " after " + lastSeq);
        }
        lastSeq = seq;
        switch (type) {
            case "RESUMED" -> {
                tally.resumes.incrementAndGet();
                ready = true;
            }
            case "GAP" -> gap(data);
            default -> event(type, data);
        }
    }

    private void gap(JsonNode data) {
        SoakStream stream = streams.get(data.get("guild_id").stringValue(""));
        if (stream != null) {
            stream.gap(data.get("from").longValue(), data.get("to").longValue());
        }
    }

    private void event(String type, JsonNode data) {
        SoakStream stream = data.has("g") ? streams.get(data.get("g").stringValue()) : null;
        if (stream == null) {
            return;
        }
        switch (type) {
            case SoakHall.POST -> stream.receive(data.get("n").longValue());
            case SoakHall.TYPING -> stream.receiveEphemeral(data.get("n").longValue());
            case SoakHall.JOINED -> stream.begin(data.get("n").longValue());
            case SoakHall.NOT_JOINED -> streams.remove(data.get("g").stringValue());
            default -> {}
        }
    }

    private void send(int op, String data) {
        Channel present = channel;
        if (present != null) {
            present.writeAndFlush(new TextWebSocketFrame("{\"op\":" + op + ",\"d\":" + data + "}"));
        }
    }

    private void soon(int mostMillis, Runnable task) {
        loop.schedule(task, 1L + random.nextInt(mostMillis), TimeUnit.MILLISECONDS);
    }

    /** Of one connection; what comes on one that was given up is not looked at. */
    private final class Reader extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                if (ended) {
                    context.close();
                    return;
                }
                channel = context.channel();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (channel != context.channel()) {
                return;
            }
            if (frame instanceof TextWebSocketFrame text) {
                receive(JsonMapper.shared().readTree(text.content().toString(StandardCharsets.UTF_8)));
            } else if (frame instanceof CloseWebSocketFrame close) {
                int code = close.statusCode();
                boolean isTheEnd = ended || (code == GOING_AWAY && !hall.isMixing());
                if (code != COME_BACK && code != NORMAL && !isTheEnd) {
                    tally.unaccounted(user + " was closed with " + code + " " + close.reasonText());
                }
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lost(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof RuntimeException) {
                tally.unaccounted(user + " cannot read what came: " + cause);
            }
            context.close();
        }
    }
}
