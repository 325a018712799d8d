package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.GatewayConfig;
import java.util.Objects;

/**
 * How messages to clients are compressed, if the client asks for it; {@code docs/protocol.md} has what each way costs. Immutable. Every
 * constructor and {@code with} method throws an {@link IllegalArgumentException} that names the value and its bound.
 *
 * <p>A client asks with the query {@code compress=zlib-stream} or {@code compress=zstd-stream}, or by offering the extension
 * {@code permessage-deflate} (RFC 7692) in its upgrade request, which counts only without {@code compress}.
 *
 * @param perMessageDeflate how the extension is served; {@link Mode#OFF} declines it
 * @param zlibStream how {@code zlib-stream} is served; {@link Mode#OFF} refuses it with 400
 * @param zstdStream whether {@code zstd-stream} is served, which always takes a compressor per connection. It needs
 *     {@code com.github.luben:zstd-jni} on the class path, or on the module path and named by {@code --add-modules}; without it, clients that
 *     ask for it are refused with 400
 * @param level 1, the fastest, to 9
 * @param windowBits how much of what it was sent a compressor per connection refers to: two to the power of 10 to 15 bytes. With 15, deflate
 *     keeps a native state of 256 KiB per connection; with less, it keeps the window only and takes more processor time
 * @param thresholdBytes messages below are not compressed, by the extension or by a shared {@code zlib-stream}; 0 to 65,536
 * @param maxContexts how many connections may have a compressor of their own, 0 to 10,000,000. One more is served as by
 *     {@link Mode#SHARED}; if it asks for {@code zstd-stream}, it is refused with 503
 */
public record GatewayCompression(
        Mode perMessageDeflate,
        Mode zlibStream,
        boolean zstdStream,
        int level,
        int windowBits,
        int thresholdBytes,
        int maxContexts) {

    /** The largest {@link #windowBits}. */
    public static final int MAX_WINDOW_BITS = 15;

    /** How a way of compression is served. */
    public enum Mode {
        /** Not at all. */
        OFF,
        /**
         * An event is compressed once for all its receivers, so it refers to nothing that was sent before: hardly any processor time, and
         * no memory per connection.
         */
        SHARED,
        /** Each connection has a compressor, which refers to what the connection was sent before: the fewest bytes. */
        PER_CONNECTION
    }

    /**
     * No permessage-deflate, zlib-stream {@link Mode#SHARED}, zstd-stream if it can be; level 1, windows of 32 KiB, a threshold of 256 bytes,
     * 1,000 compressors per connection.
     */
    public static final GatewayCompression DEFAULT =
            new GatewayCompression(Mode.OFF, Mode.SHARED, true, 1, 15, 256, 1000);

    /** Checks every value against its bounds. */
    public GatewayCompression {
        Objects.requireNonNull(perMessageDeflate, "perMessageDeflate");
        Objects.requireNonNull(zlibStream, "zlibStream");
        GatewayConfig.requireRange("level", level, 1, 9);
        GatewayConfig.requireRange("windowBits", windowBits, 10, MAX_WINDOW_BITS);
        GatewayConfig.requireRange("thresholdBytes", thresholdBytes, 0, 1 << 16);
        GatewayConfig.requireRange("maxContexts", maxContexts, 0, 10_000_000);
    }

    /**
     * With another way to serve the extension.
     *
     * @param mode see {@link #perMessageDeflate}
     * @return a copy
     */
    public GatewayCompression withPerMessageDeflate(Mode mode) {
        return new GatewayCompression(mode, zlibStream, zstdStream, level, windowBits, thresholdBytes, maxContexts);
    }

    /**
     * With other ways to serve the query.
     *
     * @param zlib see {@link #zlibStream}
     * @param zstd see {@link #zstdStream}
     * @return a copy
     */
    public GatewayCompression withStreams(Mode zlib, boolean zstd) {
        return new GatewayCompression(perMessageDeflate, zlib, zstd, level, windowBits, thresholdBytes, maxContexts);
    }

    /**
     * With another level.
     *
     * @param value see {@link #level}
     * @return a copy
     */
    public GatewayCompression withLevel(int value) {
        return new GatewayCompression(
                perMessageDeflate, zlibStream, zstdStream, value, windowBits, thresholdBytes, maxContexts);
    }

    /**
     * With other bounds of the compressors per connection.
     *
     * @param bits see {@link #windowBits}
     * @param most see {@link #maxContexts}
     * @return a copy
     */
    public GatewayCompression withContexts(int bits, int most) {
        return new GatewayCompression(perMessageDeflate, zlibStream, zstdStream, level, bits, thresholdBytes, most);
    }

    /**
     * With another threshold.
     *
     * @param bytes see {@link #thresholdBytes}
     * @return a copy
     */
    public GatewayCompression withThreshold(int bytes) {
        return new GatewayCompression(perMessageDeflate, zlibStream, zstdStream, level, windowBits, bytes, maxContexts);
    }
}
