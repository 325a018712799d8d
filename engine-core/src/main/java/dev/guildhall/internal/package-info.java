/** The engine itself. Not exported: nothing here is API. */
@NullMarked
package dev.guildhall.internal;

import org.jspecify.annotations.NullMarked;
