/** Tests of the tables. */
@NullMarked
package dev.guildhall.bench.tables;

import org.jspecify.annotations.NullMarked;
