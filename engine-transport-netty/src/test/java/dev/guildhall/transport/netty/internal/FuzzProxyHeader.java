package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a connection from a proxy begins with: a PROXY header of version 1 or 2 that is good or has something wrong with it.
 *
 * @param bytes the header
 * @param outcome what comes of it
 * @param client for whom the proxy speaks; null if for itself, or if the header is not good
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzProxyHeader(
        byte[] bytes, Outcome outcome, @Nullable InetAddress client) {
    enum Outcome {
        ACCEPTED,
        CUT,
        /** Hard to tell: accepted, or cut, or a request that cannot be read, or one that is not whole. */
        ANYTHING
    }

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int FIXED_BYTES = 16;
    private static final int LENGTH_AT = 14;
    private static final int MOST_EXTRA_BYTES = 2048;

    static FuzzProxyHeader of(long seed) {
        Random random = new Random(seed);
        FuzzProxyHeader good = random.nextInt(4) == 0 ? lineOf(random) : goodOf(random);
        return switch (random.nextInt(5)) {
            case 0 -> new FuzzProxyHeader(damaged(good.bytes, random), Outcome.ANYTHING, null);
            case 1 -> new FuzzProxyHeader(broken(random), Outcome.CUT, null);
            default -> good;
        };
    }

    /** Version 2. */
    static FuzzProxyHeader goodOf(Random random) {
        byte[] extra = random.nextInt(3) == 0 ? extras(random) : new byte[0];
        return switch (random.nextInt(6)) {
            case 0 -> accepted(header(0x20, random.nextBoolean() ? 0 : 0x11, addresses(random, 4), extra), null);
            case 1 -> accepted(header(0x21, 0, new byte[0], new byte[0]), null);
            case 2 -> {
                byte[] paths = new byte[216];
                paths[0] = '/';
                yield accepted(header(0x21, 0x31, paths, extra), null);
            }
            case 3 -> inet(random, 16, 0x21, extra);
            default -> inet(random, 4, random.nextBoolean() ? 0x11 : 0x12, extra);
        };
    }

    /** Version 1. */
    private static FuzzProxyHeader lineOf(Random random) {
        if (random.nextInt(4) == 0) {
            return accepted(line("PROXY UNKNOWN" + (random.nextBoolean() ? "" : " anything at all")), null);
        }
        byte[] source = bytes(random, 4);
        String text = "PROXY TCP4 " + addressOf(source).getHostAddress() + " 192.0.2.1 " + (1 + random.nextInt(65_535))
                + " 443";
        return accepted(line(text), source);
    }

    private static FuzzProxyHeader inet(Random random, int size, int family, byte[] extra) {
        byte[] addresses = addresses(random, size);
        byte[] source = new byte[size];
        ByteBuffer.wrap(addresses).get(source);
        return accepted(header(0x21, family, addresses, extra), source);
    }

    private static FuzzProxyHeader accepted(byte[] header, byte @Nullable [] source) {
        return new FuzzProxyHeader(header, Outcome.ACCEPTED, source == null ? null : addressOf(source));
    }

    /** Source, destination and both ports. */
    private static byte[] addresses(Random random, int size) {
        byte[] both = bytes(random, 2 * size + 4);
        both[2 * size] |= 1; // no port is zero
        both[2 * size + 2] |= 1;
        return both;
    }

    private static byte[] extras(Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            all.writeBytes(extra(random.nextBoolean() ? 0x04 : 0x02, bytes(random, random.nextInt(400))));
        }
        return all.toByteArray();
    }

    private static byte[] extra(int type, byte[] value) {
        return ByteBuffer.allocate(3 + value.length)
                .put((byte) type)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private static byte[] header(int command, int family, byte[] addresses, byte[] extra) {
        return ByteBuffer.allocate(FIXED_BYTES + addresses.length + extra.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) (addresses.length + extra.length))
                .put(addresses)
                .put(extra)
                .array();
    }

    private static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What no proxy may send. */
    private static byte[] broken(Random random) {
        byte[] addresses = addresses(random, 4);
        return switch (random.nextInt(9)) {
            case 0 -> header(0x31, 0x11, addresses, new byte[0]); // another version
            case 1 -> header(0x20 + 2 + random.nextInt(14), 0x11, addresses, new byte[0]);
            case 2 -> header(0x21, 0x41 + random.nextInt(0x8f), addresses, new byte[0]);
            case 3 -> header(0x21, 0x11, bytes(random, random.nextInt(12)), new byte[0]);
            case 4 -> header(0x21, 0x21, bytes(random, random.nextInt(36)), new byte[0]);
            case 5 -> header(0x21, 0x11, addresses, new byte[MOST_EXTRA_BYTES + 300 + random.nextInt(9000)]);
            case 6 -> line("PROXY TCP4 " + "1".repeat(200));
            case 7 -> line("PROXY TCP4 203.0.113.7 192.0.2.1 0x1 443");
            default -> ClientFrame.concat(EmbeddedClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> random.nextBytes(bytes);
            case 2 -> {
                if (bytes.length >= FIXED_BYTES) { // a length that lies
                    bytes[LENGTH_AT] = (byte) random.nextInt(3);
                    bytes[LENGTH_AT + 1] = (byte) random.nextInt();
                }
            }
            default -> {
                byte[] part = new byte[random.nextInt(bytes.length)];
                System.arraycopy(bytes, 0, part, 0, part.length);
                return part;
            }
        }
        return bytes;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static InetAddress addressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
