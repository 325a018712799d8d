package dev.guildhall.internal;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Of so many tokens each is for one, while time stands still. */
public class TokenBucketLincheckTest {
    private final TokenBucket bucket = new TokenBucket(new HandClock(), 1, 3);

    @Operation
    public boolean tryTake() {
        return bucket.tryTake();
    }

    @Test
    void isLinearizable() {
        Lincheck.stress(getClass());
    }
}
