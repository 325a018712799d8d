/** Servers of other makes for {@code bench gateway}: each a process of its own that does what {@code gateway-peer.jar} does. */
@NullMarked
package dev.guildhall.bench.rivals.socket;

import org.jspecify.annotations.NullMarked;
