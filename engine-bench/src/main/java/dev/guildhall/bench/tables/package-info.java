/** {@code bench tables}: the tables of README and docs, made of result files. */
@NullMarked
package dev.guildhall.bench.tables;

import org.jspecify.annotations.NullMarked;
