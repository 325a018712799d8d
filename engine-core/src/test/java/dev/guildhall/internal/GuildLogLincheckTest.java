package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Claims of a log against its end, which comes once, at the offset that it tells, or not if somebody claimed meanwhile. */
public class GuildLogLincheckTest {
    private final GuildLog log = new GuildLog(64, EngineClock.SYSTEM, Long.MAX_VALUE, Runnable::run);

    @Operation
    public long claim() {
        return log.claim();
    }

    @Operation
    public void close() {
        log.close();
    }

    @Operation
    public boolean tryClose(@Param(gen = IntGen.class, conf = "0:3") int seenEnd) {
        return log.tryClose(seenEnd);
    }

    @Operation
    public long end() {
        return log.end();
    }

    @Operation
    public boolean isClosed() {
        return log.isClosed();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .check(getClass());
    }
}
