/** A chat server that people can use: accounts, guilds, channels and messages over REST, live events over the gateway. */
@NullMarked
package dev.guildhall.examples.chat;

import org.jspecify.annotations.NullMarked;
