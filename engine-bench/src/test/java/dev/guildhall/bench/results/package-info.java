/** Tests of result files. */
@NullMarked
package dev.guildhall.bench.results;

import org.jspecify.annotations.NullMarked;
