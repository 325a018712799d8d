package dev.guildhall.internal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Numbers, names and secrets of an engine's sessions. A session keeps only its number: its lowest byte is the index of the lane it was
 * opened on, the rest counts up. The name is a bijection of the number, so it is unique in the engine, and carries 64 random
 * bits of the engine, so it is unique elsewhere by chance. The secret is the first half of an HMAC-SHA-256 of the number under
 * a random key of the engine, so nothing is stored for it and a forged one is refused before any session is looked for.
 */
final class SessionIds {
    private static final int LANE_BITS = 8;
    private static final int SECRET_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    /** Not the number of any session. */
    static final long NONE = -1;

    private final AtomicLong counter = new AtomicLong();
    private final long engineId;
    private final long mask;
    private final SecretKeySpec key;

    SessionIds() {
        SecureRandom random = new SecureRandom();
        engineId = random.nextLong();
        mask = random.nextLong();
        byte[] keyBytes = new byte[32];
        random.nextBytes(keyBytes);
        key = new SecretKeySpec(keyBytes, ALGORITHM);
    }

    /** A number without a lane. */
    long nextCount() {
        return counter.getAndIncrement();
    }

    static long number(long count, int lane) {
        return count << LANE_BITS | lane;
    }

    /** Index of the lane a session was opened on. */
    static int homeOf(long number) {
        return (int) number & ((1 << LANE_BITS) - 1);
    }

    String id(long number) {
        return HEX.toHexDigits(engineId) + HEX.toHexDigits(scramble(number) ^ mask);
    }

    String secret(long number) {
        return HEX.formatHex(secretBytes(number));
    }

    /** The number of the session with this id and secret, or NONE. How long the comparison takes says nothing about the secret. */
    long verified(String id, String secret) {
        byte[] shown;
        long number;
        try {
            if (id.length() != 32 || HexFormat.fromHexDigitsToLong(id, 0, 16) != engineId) {
                return NONE;
            }
            number = unscramble(HexFormat.fromHexDigitsToLong(id, 16, 32) ^ mask);
            shown = HEX.parseHex(secret);
        } catch (IllegalArgumentException e) { // not hexadecimal
            return NONE;
        }
        boolean issued = number >>> LANE_BITS < counter.get();
        return MessageDigest.isEqual(secretBytes(number), shown) && issued ? number : NONE;
    }

    private byte[] secretBytes(long number) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] digest =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            return Arrays.copyOf(digest, SECRET_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** The finalizer of SplitMix64: spreads consecutive numbers over all bits without two of them meeting. */
    private static long scramble(long number) {
        long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Undoes {@link #scramble}: the multiplications by the inverses modulo 2^64, the shifts by shifting again. */
    private static long unscramble(long scrambled) {
        long z = scrambled ^ (scrambled >>> 31) ^ (scrambled >>> 62);
        z *= 0x319642b2d24d8ec3L;
        z = (z ^ (z >>> 27) ^ (z >>> 54)) * 0x96de1b173f119089L;
        return z ^ (z >>> 30) ^ (z >>> 60);
    }
}
