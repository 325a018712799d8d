/** The application's side of the live connection: who may identify, what a session gets first, and its own opcodes. */
@NullMarked
package dev.guildhall.examples.chat.gateway;

import org.jspecify.annotations.NullMarked;
