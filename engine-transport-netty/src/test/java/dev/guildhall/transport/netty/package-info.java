@NullMarked
package dev.guildhall.transport.netty;

import org.jspecify.annotations.NullMarked;
