package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayCompression;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does compression cost and save? An operation makes the frames of one event, which no two operations share, for all receivers: from the
 * payload to the connection's batch, which is thrown away. Beside it, frames that are not compressed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms1g", "-Xmx1g", "--enable-native-access=ALL-UNNAMED"
        })
public class CompressionBenchmark {
    private static final int EVENTS = 512;
    private static final int SEED = 7;
    private static final String WORDS =
            "the quick brown fox jumps over lazy dog hello there how are you today we should meet at noon and talk"
                    + " about the next release ok sure thanks maybe tomorrow great work please review my request";

    /** How the receivers' connections were set up. */
    public enum Contender {
        /** Not compressed. */
        NONE,
        /** A zlib stream of context-free messages. */
        SHARED,
        /** A zlib stream with a deflater of its own. */
        OWN,
        /** A zlib stream with a window of 4 KiB. */
        WINDOW_4096,
        /** A zstd stream. */
        ZSTD;

        GatewayCompression options(int level) {
            GatewayCompression.Mode mode =
                    this == SHARED ? GatewayCompression.Mode.SHARED : GatewayCompression.Mode.PER_CONNECTION;
            return GatewayCompression.DEFAULT
                    .withStreams(mode, true)
                    .withLevel(level)
                    .withContexts(this == WINDOW_4096 ? 12 : 15, 100_000);
        }

        List<String> asked() {
            return switch (this) {
                case NONE -> List.of();
                case ZSTD -> List.of("zstd-stream");
                case SHARED, OWN, WINDOW_4096 -> List.of("zlib-stream");
            };
        }
    }

    /** What is measured. */
    @Param({"NONE", "SHARED", "OWN", "WINDOW_4096", "ZSTD"})
    public Contender contender;

    /** About the length of a message. */
    @Param({"128", "512", "4096"})
    public int bytes;

    /** Connections that get each event. */
    @Param({"1", "100"})
    public int receivers;

    /** Of deflate or zstd. */
    @Param("1")
    public int level;

    private final List<MessageForm> forms = new ArrayList<>();
    private final List<String> payloads = new ArrayList<>();
    private final Thrown thrown = new Thrown();
    private Outbox outbox = new BufferOutbox(new EmbeddedChannel(), false);
    private long seq;

    /** Nothing is connected yet. */
    public CompressionBenchmark() {
        contender = Contender.NONE;
    }

    /** Counts and releases what a channel is to write. */
    private static final class Thrown extends ChannelOutboundHandlerAdapter {
        long bytes;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            bytes += ((ByteBuf) message).readableBytes();
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        }
    }

    /** Connects the receivers. */
    @Setup(Level.Trial)
    public void connect() {
        outbox = new BufferOutbox(new EmbeddedChannel(thrown), false);
        Compression compression = new Compression(contender.options(level), new DispatchEncoding(Map.of()));
        for (int i = 0; i < receivers; i++) {
            Compression.Choice choice =
                    compression.choose(MessageEncoding.JSON, contender.asked(), new DefaultHttpHeaders());
            if (!(choice instanceof Compression.Choice.Agreed agreed)) {
                throw new IllegalStateException(contender + ": " + choice);
            }
            agreed.form().control(ControlMessages.heartbeatAck());
            forms.add(agreed.form());
        }
        Random random = new Random(SEED);
        for (int i = 0; i < EVENTS; i++) {
            payloads.add(payload(random));
        }
    }

    /** Disconnects them. */
    @TearDown(Level.Trial)
    public void disconnect() {
        forms.forEach(MessageForm::release);
        forms.clear();
        outbox.release();
    }

    /** One event to all. */
    @Benchmark
    public void fanOut() {
        Event event = Event.of(bytes <= 128 ? "TYPING_START" : "MESSAGE_CREATE", payloads.get((int) (seq++ % EVENTS)));
        for (MessageForm form : forms) {
            form.dispatch(outbox, event, seq);
        }
        outbox.flush();
    }

    /**
     * What a receiver gets of an event, on average.
     *
     * @return bytes of its frame
     */
    public static double bytesPerFrame(Contender contender, int bytes, int level) {
        CompressionBenchmark benchmark = new CompressionBenchmark();
        benchmark.contender = contender;
        benchmark.bytes = bytes;
        benchmark.receivers = 1;
        benchmark.level = level;
        benchmark.connect();
        for (int i = 0; i < EVENTS; i++) {
            benchmark.fanOut();
        }
        benchmark.disconnect();
        return (double) benchmark.thrown.bytes / EVENTS;
    }

    /** As chat servers send it; a short one tells that somebody types, longer ones have a message. */
    private String payload(Random random) {
        long channel = 300_000_000_000_000_000L + random.nextInt(8) * 7_919_111L;
        int user = random.nextInt(50);
        long userId = 400_000_000_000_000_000L + user * 104_729_333L;
        if (bytes <= 128) {
            return "{\"channel_id\":\"" + channel + "\",\"user_id\":\"" + userId + "\",\"timestamp\":"
                    + (1_700_000_000 + random.nextInt(100_000)) + "}";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"id\":\"%d\",\"channel_id\":\"%d\",\"author\":{\"id\":\"%d\",\"username\":\"user%d\","
                        + "\"discriminator\":\"0\",\"avatar\":null,\"bot\":false},"
                        + "\"timestamp\":\"2026-11-28T21:%02d:%02d.%06d+00:00\",\"tts\":false,"
                        + "\"mention_everyone\":false,\"mentions\":[],\"attachments\":[],\"embeds\":[],"
                        + "\"pinned\":false,\"type\":0,\"content\":\"",
                300_000_000_000_000_000L + (random.nextLong() >>> 20),
                channel,
                userId,
                user,
                random.nextInt(60),
                random.nextInt(60),
                random.nextInt(1_000_000)));
        String[] words = WORDS.split(" ", -1);
        while (text.length() < bytes - 60) {
            text.append(words[random.nextInt(words.length)]).append(' ');
            if (random.nextInt(12) == 0) {
                text.append(random.nextInt(10_000)).append(' ');
            }
        }
        return text.append("\"}").toString();
    }
}
