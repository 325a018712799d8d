package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import dev.guildhall.transport.netty.MessageDecoder;
import dev.guildhall.transport.netty.MessageDecoder.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of messages, against decoders that are not ours. */
class MessageFormTest {
    private static final int THRESHOLD = 256;

    /** Bytes of a dispatch of type T beside its payload. */
    private static final int ENVELOPE = "{\"s\":         1,\"op\":0,\"t\":\"T\",\"d\":}".length();

    enum Agreement {
        PLAIN(Way.PLAIN, Mode.OFF, 15),
        DEFLATE_SHARED(Way.DEFLATE_WITHOUT_TAKEOVER, Mode.SHARED, 15),
        DEFLATE_OWN(Way.DEFLATE_WITH_TAKEOVER, Mode.PER_CONNECTION, 15),
        DEFLATE_WINDOW(Way.DEFLATE_WITH_TAKEOVER, Mode.PER_CONNECTION, 10),
        ZLIB_SHARED(Way.ZLIB_STREAM, Mode.SHARED, 15),
        ZLIB_OWN(Way.ZLIB_STREAM, Mode.PER_CONNECTION, 15),
        ZLIB_WINDOW(Way.ZLIB_STREAM, Mode.PER_CONNECTION, 12),
        ZSTD(Way.ZSTD_STREAM, Mode.OFF, 15);

        final Way way;
        private final Mode mode;
        private final int windowBits;

        Agreement(Way way, Mode mode, int windowBits) {
            this.way = way;
            this.mode = mode;
            this.windowBits = windowBits;
        }

        Compression compression(int maxContexts) {
            return new Compression(
                    GatewayCompression.DEFAULT
                            .withPerMessageDeflate(mode)
                            .withStreams(mode, true)
                            .withContexts(windowBits, maxContexts)
                            .withThreshold(THRESHOLD),
                    new DispatchEncoding(Map.of()));
        }
    }

    private final long seed = Long.getLong("guildhall.seed", System.nanoTime());

    /** One client and what it must be sent. */
    private static final class Client {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final MessageForm form;
        final GatewayConnection connection;
        final MessageDecoder decoder;
        final List<String> expected = new ArrayList<>();
        long seq;

        Client(Compression compression, Way way) {
            form = agreed(compression, way);
            connection = new GatewayConnection(channel, compression.none(), reason -> {});
            connection.speak(form);
            decoder = new MessageDecoder(way);
            send("{\"op\":10}");
        }

        void send(String json) {
            connection.send(json.getBytes(StandardCharsets.UTF_8));
            expected.add(json);
        }

        void write(Event event) {
            connection.write(event, ++seq);
            String data = event.text().isEmpty() ? "null" : event.text();
            expected.add(String.format("{\"s\":%10d,\"op\":0,\"t\":\"%s\",\"d\":%s}", seq, event.type(), data));
        }

        List<byte[]> frames() throws IOException {
            connection.flush();
            List<byte[]> frames = new ArrayList<>();
            for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
                frames.addAll(split(ByteBufUtil.getBytes(sent)));
                sent.release();
            }
            return frames;
        }

        void check() throws IOException {
            List<String> received = new ArrayList<>();
            for (byte[] frame : frames()) {
                received.add(new String(decoder.decode(frame[0] & 0xFF, payload(frame)), StandardCharsets.UTF_8));
            }
            assertThat(received).isEqualTo(expected);
            expected.clear();
        }

        void close() {
            connection.release();
            decoder.close();
            channel.finishAndReleaseAll();
        }
    }

    static MessageForm agreed(Compression compression, Way way) {
        Compression.Choice choice = switch (way) {
            case PLAIN -> compression.choose(MessageEncoding.JSON, List.of(), new DefaultHttpHeaders());
            case ZLIB_STREAM ->
                compression.choose(MessageEncoding.JSON, List.of("zlib-stream"), new DefaultHttpHeaders());
            case ZSTD_STREAM ->
                compression.choose(MessageEncoding.JSON, List.of("zstd-stream"), new DefaultHttpHeaders());
            case DEFLATE_WITH_TAKEOVER, DEFLATE_WITHOUT_TAKEOVER ->
                compression.choose(
                        MessageEncoding.JSON,
                        List.of(),
                        new DefaultHttpHeaders().set("Sec-WebSocket-Extensions", "permessage-deflate"));
        };
        assertThat(choice).isInstanceOf(Compression.Choice.Agreed.class);
        return ((Compression.Choice.Agreed) choice).form();
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageArrivesAsItWas(Agreement agreement) throws IOException {
        System.out.println("-Dguildhall.seed=" + seed);
        Random random = new Random(seed);
        Compression compression = agreement.compression(100);
        List<Client> clients = List.of(
                new Client(compression, agreement.way),
                new Client(compression, agreement.way),
                new Client(compression, agreement.way));
        for (int i = 0; i < 300; i++) {
            Event event = Event.of("T", payload(random));
            for (Client client : clients) {
                if (random.nextInt(4) != 0) {
                    client.write(event);
                }
                if (random.nextInt(10) == 0) {
                    client.send("{\"op\":11}");
                }
                if (random.nextInt(3) == 0) {
                    client.connection.flush();
                }
            }
        }
        for (Client client : clients) {
            client.check();
            client.close();
        }
        assertThat(compression.contexts()).isZero();
    }

    /** Sizes about the bounds of blocks, of headers and of the threshold; some hardly compressible. */
    private static String payload(Random random) {
        int size = switch (random.nextInt(40)) {
            case 0 -> 150_000;
            case 1, 2 -> 65_536 + random.nextInt(60) - 30;
            case 3 -> THRESHOLD - ENVELOPE + random.nextInt(3) - 1;
            case 4 -> 126 - ENVELOPE + random.nextInt(3);
            case 5 -> 0;
            case 6, 7, 8, 9 -> 4_096;
            default -> 3 + random.nextInt(600);
        };
        if (size < 3) {
            return "";
        }
        if (random.nextInt(3) == 0) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            return "\"" + Base64.getEncoder().encodeToString(noise).substring(0, size - 2) + "\"";
        }
        String words = "{\"content\":\"hello number " + random.nextInt(1000) + " of many\",\"pinned\":false}";
        return "\"" + words.replace('"', '\'').repeat(1 + size / words.length()).substring(0, size - 2) + "\"";
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void messagesBelowTheThresholdGoAsTheyAre(int beyond) throws IOException {
        Event event = Event.of("T", "\"" + "x".repeat(THRESHOLD - ENVELOPE - 2 + beyond) + "\"");
        for (Agreement agreement : List.of(Agreement.DEFLATE_SHARED, Agreement.DEFLATE_OWN, Agreement.DEFLATE_WINDOW)) {
            Client client = new Client(agreement.compression(100), agreement.way);
            client.write(event);
            byte[] frame = client.frames().getLast();
            assertThat(frame[0] & 0xFF)
                    .isEqualTo(beyond < 0 ? ServerFrame.TEXT : (ServerFrame.TEXT | ServerFrame.DEFLATED));
            client.close();
        }
    }

    @Test
    void whatDeflateMakesLongerGoesAsItIs() throws IOException {
        byte[] noise = new byte[300];
        new Random(1).nextBytes(noise);
        StringBuilder text = new StringBuilder("\"");
        for (byte b : noise) {
            text.appendCodePoint(0x4E00 + (b & 0xFF) * 37);
        }
        Event event = Event.of("T", text.append('"').toString());
        Client client = new Client(Agreement.DEFLATE_SHARED.compression(0), Agreement.DEFLATE_SHARED.way);
        client.write(event);
        byte[] frame = client.frames().getLast();
        assertThat(frame.length).isLessThanOrEqualTo(event.payloadLength() + ENVELOPE + 4);
        client.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFLATE_SHARED", "ZLIB_SHARED"})
    void aSharedMessageRefersToNothingBeforeIt(Agreement agreement) throws IOException {
        Compression compression = agreement.compression(100);
        Client first = new Client(compression, agreement.way);
        Client second = new Client(compression, agreement.way);
        Event event = Event.of("T", "\"" + "abcdefghij".repeat(100) + "\"");
        first.write(Event.of("T", "\"" + "abcdefghij".repeat(100) + "\""));
        first.write(event);
        second.write(event);
        byte[] frame = second.frames().getLast();
        byte[] late = first.frames().getLast();
        assertThat(late).hasSameSizeAs(frame);
        int seqEnd = new String(frame, StandardCharsets.ISO_8859_1).indexOf("{\"s\":") + 15;
        assertThat(late[seqEnd - 1]).isEqualTo((byte) '2');
        assertThat(frame[seqEnd - 1]).isEqualTo((byte) '1');
        late[seqEnd - 1] = '1';
        assertThat(late).isEqualTo(frame);
        first.close();
        second.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFLATE_OWN", "DEFLATE_WINDOW", "ZLIB_OWN", "ZLIB_WINDOW", "ZSTD"})
    void aConnectionsOwnCompressorRefersToWhatWasSent(Agreement agreement) throws IOException {
        Client client = new Client(agreement.compression(100), agreement.way);
        byte[] noise = new byte[500];
        new Random(1).nextBytes(noise);
        Event event = Event.of("T", "\"" + Base64.getEncoder().encodeToString(noise) + "\"");
        client.write(event);
        int first = client.frames().getLast().length;
        client.write(event);
        assertThat(client.frames().getLast().length).isLessThan(first / 5);
        client.close();
    }

    @Test
    void oneMoreContextThanAllowedIsShared() {
        Compression compression = Agreement.ZLIB_OWN.compression(2);
        MessageForm first = agreed(compression, Way.ZLIB_STREAM);
        MessageForm second = agreed(compression, Way.DEFLATE_WITH_TAKEOVER);
        MessageForm third = agreed(compression, Way.ZLIB_STREAM);
        assertThat(List.of(first, second)).allMatch(ContextForm.class::isInstance);
        assertThat(third).isInstanceOf(SharedForm.class);
        Compression.Choice zstd =
                compression.choose(MessageEncoding.JSON, List.of("zstd-stream"), new DefaultHttpHeaders());
        assertThat(zstd)
                .isInstanceOfSatisfying(
                        Compression.Choice.Refused.class,
                        refused -> assertThat(refused.status().code()).isEqualTo(503));
        first.release();
        first.release();
        assertThat(compression.contexts()).isEqualTo(1);
        assertThat(agreed(compression, Way.ZLIB_STREAM)).isInstanceOf(ContextForm.class);
        assertThat(agreed(compression, Way.ZLIB_STREAM)).isInstanceOf(SharedForm.class);
    }

    @Test
    void anEventIsCompressedOnceHoweverManyNeedItAtOnce() throws Exception {
        int threads = 4;
        AtomicInteger encoded = new AtomicInteger();
        DispatchEncoding plain = new DispatchEncoding(Map.of("T", event -> {
            encoded.incrementAndGet();
            return ("\"" + "x".repeat(20_000) + "\"").getBytes(StandardCharsets.US_ASCII);
        }));
        ThreadLocal<Workspace> workspaces = ThreadLocal.withInitial(() -> new Workspace(1));
        SharedEncoding encoding = new SharedEncoding(DeflateWire.ZLIB_STREAM, plain, 0, workspaces::get);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 200; round++) {
                Event event = Event.of("T", "1");
                CountDownLatch begin = new CountDownLatch(threads);
                List<Future<DispatchFrame>> frames = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    frames.add(pool.submit(() -> {
                        begin.countDown();
                        begin.await();
                        return event.encoded(encoding).frame();
                    }));
                }
                DispatchFrame first = frames.getFirst().get();
                for (Future<DispatchFrame> frame : frames) {
                    assertThat(frame.get()).isSameAs(first);
                }
            }
        }
        assertThat(encoded).hasValue(200);
    }

    /** Checks that each length is written as short as can be. */
    static List<byte[]> split(byte[] sent) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(sent));
        int at = 0;
        while (at < sent.length) {
            in.skipNBytes(1);
            long length = in.readUnsignedByte();
            int header = 2;
            if (length == 126) {
                length = in.readUnsignedShort();
                header = 4;
            } else if (length == 127) {
                length = in.readLong();
                header = 10;
            }
            assertThat(header).isEqualTo(ServerFrame.headerLength(Math.toIntExact(length)));
            in.skipNBytes(length);
            frames.add(Arrays.copyOfRange(sent, at, at + header + Math.toIntExact(length)));
            at += header + Math.toIntExact(length);
        }
        return frames;
    }

    static byte[] payload(byte[] frame) {
        int length = frame[1] & 0xFF;
        int header = length < 126 ? 2 : length == 126 ? 4 : 10;
        return Arrays.copyOfRange(frame, header, frame.length);
    }
}
