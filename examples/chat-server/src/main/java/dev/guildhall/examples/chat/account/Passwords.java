package dev.guildhall.examples.chat.account;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Password hashes by bcrypt. Hashing keeps a processor busy for tens of milliseconds, so only a few run at a time and the
 * rest wait: many who log in at once must not take the processors from those who chat.
 */
final class Passwords {
    /** Longest password in bytes of UTF-8: bcrypt looks at no more. */
    static final int MAX_BYTES = 72;

    static final int MIN_BYTES = 8;

    private static final int COST = 10;

    private final Semaphore processors =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    /** Compared with when there is no such user, so that the answer takes as long as for a wrong password. */
    private final String nobodysHash = hash("nobody has this password");

    String hash(String password) {
        return BCrypt.withDefaults().hashToString(COST, password.toCharArray());
    }

    String hashWhenFree(String password) {
        processors.acquireUninterruptibly();
        try {
            return hash(password);
        } finally {
            processors.release();
        }
    }

    boolean matches(String password, Optional<String> hash) {
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return false;
        }
        processors.acquireUninterruptibly();
        try {
            boolean same = BCrypt.verifyer()
                    .verify(password.toCharArray(), hash.orElse(nobodysHash).toCharArray())
                    .verified;
            return same && hash.isPresent();
        } finally {
            processors.release();
        }
    }
}
