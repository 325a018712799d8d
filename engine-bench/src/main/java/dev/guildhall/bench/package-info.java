/** Benchmarks of the engine beside baselines, and the command that runs them. */
@NullMarked
package dev.guildhall.bench;

import org.jspecify.annotations.NullMarked;
