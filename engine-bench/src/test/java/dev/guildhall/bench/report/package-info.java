/** Tests of the report. */
@NullMarked
package dev.guildhall.bench.report;

import org.jspecify.annotations.NullMarked;
