package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.GatewayConfig;
import java.time.Duration;

/**
 * How fast a gateway sends its clients away. Immutable.
 *
 * @param batchSize how many clients are asked to leave at a time, 1 to 1,000,000
 * @param interval time between two batches, 10 ms to 1 h; each is made up to half as long or as short again, by chance
 * @param grace time for the clients of the last batch to leave, 10 ms to 1 h; who is still there then is closed
 */
public record DrainOptions(int batchSize, Duration interval, Duration grace) {
    /**
     * 100 clients each 100 ms, so 1,000 a second, which is as fast as they come to another server then; 30 s for the last of them.
     */
    public static final DrainOptions DEFAULT = new DrainOptions(100, Duration.ofMillis(100), Duration.ofSeconds(30));

    /** Checks every value against its bounds. */
    public DrainOptions {
        GatewayConfig.requireRange("batchSize", batchSize, 1, 1_000_000);
        GatewayConfig.requireRange("interval", interval);
        GatewayConfig.requireRange("grace", grace);
    }
}
