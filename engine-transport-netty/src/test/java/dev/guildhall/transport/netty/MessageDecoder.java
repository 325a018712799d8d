package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** A client's side of what was agreed on, with the JDK's inflater and the zstd library. */
public final class MessageDecoder implements AutoCloseable {
    public static final int RSV1 = 0x40;

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final byte[] FLUSH_MARK = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final Way way;
    private final @Nullable Inflater inflater;
    private final @Nullable ZstdDecompressCtx zstd;
    private long received;
    private long decoded;

    /** What was agreed on. */
    public enum Way {
        PLAIN,
        ZLIB_STREAM,
        ZSTD_STREAM,
        DEFLATE_WITH_TAKEOVER,
        DEFLATE_WITHOUT_TAKEOVER
    }

    public MessageDecoder(Way way) {
        this.way = way;
        inflater = way == Way.PLAIN || way == Way.ZSTD_STREAM ? null : new Inflater(way != Way.ZLIB_STREAM);
        zstd = way == Way.ZSTD_STREAM ? new ZstdDecompressCtx() : null;
    }

    static MessageDecoder of(String query, @Nullable String extension) {
        if (query.contains("compress=zlib-stream")) {
            return new MessageDecoder(Way.ZLIB_STREAM);
        }
        if (query.contains("compress=zstd-stream")) {
            return new MessageDecoder(Way.ZSTD_STREAM);
        }
        if (extension == null) {
            return new MessageDecoder(Way.PLAIN);
        }
        return new MessageDecoder(
                extension.contains("server_no_context_takeover")
                        ? Way.DEFLATE_WITHOUT_TAKEOVER
                        : Way.DEFLATE_WITH_TAKEOVER);
    }

    /** A message as a client with the extension sends it. */
    public static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 64];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - FLUSH_MARK.length);
    }

    /** The message of a frame. */
    public byte[] decode(int firstByte, byte[] payload) {
        byte[] message = switch (way) {
            case PLAIN -> {
                assertThat(firstByte).isEqualTo(TEXT);
                yield payload;
            }
            case ZLIB_STREAM -> {
                assertThat(firstByte).isEqualTo(BINARY);
                assertThat(payload).endsWith(FLUSH_MARK);
                yield inflated(payload);
            }
            case ZSTD_STREAM -> {
                assertThat(firstByte).isEqualTo(BINARY);
                yield unzstd(payload);
            }
            case DEFLATE_WITH_TAKEOVER, DEFLATE_WITHOUT_TAKEOVER -> perMessage(firstByte, payload);
        };
        received += payload.length;
        decoded += message.length;
        return message;
    }

    private byte[] perMessage(int firstByte, byte[] payload) {
        if (firstByte == TEXT) {
            return payload;
        }
        assertThat(firstByte).isEqualTo(TEXT | RSV1);
        if (inflater != null && way == Way.DEFLATE_WITHOUT_TAKEOVER) {
            inflater.reset();
        }
        return inflated(ClientFrame.concat(payload, FLUSH_MARK));
    }

    private byte[] inflated(byte[] payload) {
        assertThat(inflater).isNotNull();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[1000];
        inflater.setInput(payload);
        try {
            for (int n = inflater.inflate(chunk); n > 0; n = inflater.inflate(chunk)) {
                out.write(chunk, 0, n);
            }
        } catch (DataFormatException e) {
            throw new AssertionError("not deflated as agreed", e);
        }
        assertThat(inflater.getRemaining()).isZero();
        assertThat(inflater.finished()).isFalse();
        return out.toByteArray();
    }

    private byte[] unzstd(byte[] payload) {
        assertThat(zstd).isNotNull();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocateDirect(payload.length).put(payload).flip();
        ByteBuffer chunk = ByteBuffer.allocateDirect(1000);
        do {
            chunk.clear();
            assertThat(zstd.decompressDirectByteBufferStream(chunk, in))
                    .as("the frame has ended")
                    .isFalse();
            byte[] bytes = new byte[chunk.flip().remaining()];
            chunk.get(bytes);
            out.writeBytes(bytes);
        } while (in.hasRemaining() || chunk.limit() == chunk.capacity());
        return out.toByteArray();
    }

    double ratio() {
        return (double) received / decoded;
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
        if (zstd != null) {
            zstd.close();
        }
    }
}
