/** The gateway's inside: upgrade, protocol, connection, frames. */
@NullMarked
package dev.guildhall.transport.netty.internal;

import org.jspecify.annotations.NullMarked;
