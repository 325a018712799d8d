/** Result files: what a benchmark command measured, on which machine, with which versions. */
@NullMarked
package dev.guildhall.bench.results;

import org.jspecify.annotations.NullMarked;
