@NullMarked
package dev.guildhall.transport.netty.internal;

import org.jspecify.annotations.NullMarked;
