/**
 * Suites that a {@link dev.guildhall.spi.Transport} inherits: what the engine relies on, and what its clients may rely on. A transport's
 * tests extend {@link dev.guildhall.testkit.contract.TransportContract} and {@link dev.guildhall.testkit.contract.ConnectionContract} and
 * say how a client of it is made.
 */
@NullMarked
package dev.guildhall.testkit.contract;

import org.jspecify.annotations.NullMarked;
