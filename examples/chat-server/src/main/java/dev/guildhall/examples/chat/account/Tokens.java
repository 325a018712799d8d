package dev.guildhall.examples.chat.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Bearer tokens: {@code base64url(user id).random.random}. Only the first part means something, to client libraries that
 * read their own id from it; the server believes nothing but the hash of the whole.
 */
final class Tokens {
    private static final int RANDOM_BYTES = 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();

    String create(long userId) {
        String id = Long.toString(userId);
        return BASE64.encodeToString(id.getBytes(StandardCharsets.US_ASCII)) + "." + randomPart() + "." + randomPart();
    }

    /** What is stored. A plain hash will do: 256 random bits cannot be guessed, unlike a password. */
    static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private String randomPart() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }
}
