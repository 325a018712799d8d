/** Tests of the comparison. */
@NullMarked
package dev.guildhall.bench.compare;

import org.jspecify.annotations.NullMarked;
