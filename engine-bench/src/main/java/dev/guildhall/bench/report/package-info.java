/** {@code bench report}: result files as a page with charts. */
@NullMarked
package dev.guildhall.bench.report;

import org.jspecify.annotations.NullMarked;
