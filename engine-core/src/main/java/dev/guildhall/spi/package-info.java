/**
 * What a transport implements and what it is given: a {@link dev.guildhall.spi.Transport} accepts connections, a
 * {@link dev.guildhall.spi.Connection} is one live link, and a {@link dev.guildhall.spi.Attachment} is the engine's end of
 * it.
 */
@NullMarked
package dev.guildhall.spi;

import org.jspecify.annotations.NullMarked;
