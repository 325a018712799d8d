package dev.guildhall.testkit.contract;

import dev.guildhall.spi.Transport;
import java.util.function.Supplier;

/**
 * How the start of a transport is made to fail.
 *
 * @param attempt makes a transport, another one each time, that cannot start while the obstacle is there
 * @param obstacle what is in the way, such as somebody who has the address; it is gone when it is closed
 */
public record FailingStart(Supplier<? extends Transport> attempt, AutoCloseable obstacle) {}
