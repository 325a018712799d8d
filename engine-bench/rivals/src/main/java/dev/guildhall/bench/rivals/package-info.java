/** What other libraries make of the benchmarks' scenarios, each beside the engine; {@code docs/rivals.md} says how each is set up. */
@NullMarked
package dev.guildhall.bench.rivals;

import org.jspecify.annotations.NullMarked;
