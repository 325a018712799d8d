/** The in-memory transport: clients in the same process, for tests and for applications that bridge to something else. */
@NullMarked
package dev.guildhall.memory;

import org.jspecify.annotations.NullMarked;
