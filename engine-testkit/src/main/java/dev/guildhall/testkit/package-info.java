/** A manual clock and a seeded executor: no test needs to sleep, and a seed repeats a schedule. */
@NullMarked
package dev.guildhall.testkit;

import org.jspecify.annotations.NullMarked;
