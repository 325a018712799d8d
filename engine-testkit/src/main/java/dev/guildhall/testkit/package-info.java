/**
 * For tests of code that embeds Guildhall. {@link dev.guildhall.testkit.EngineExtension} gives a JUnit test a
 * {@link dev.guildhall.testkit.TestEngine} with a manual clock and a seeded executor: no test needs to sleep, and a seed repeats a schedule.
 * {@link dev.guildhall.testkit.TestClient} is somebody who is connected, and {@link dev.guildhall.testkit.EngineAssertions} look at what
 * that one has received.
 */
@NullMarked
package dev.guildhall.testkit;

import org.jspecify.annotations.NullMarked;
