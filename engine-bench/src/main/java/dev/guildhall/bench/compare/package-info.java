/** {@code bench check}: a run beside the baseline that is kept with the sources. */
@NullMarked
package dev.guildhall.bench.compare;

import org.jspecify.annotations.NullMarked;
