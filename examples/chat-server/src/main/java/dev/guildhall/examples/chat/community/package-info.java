/**
 * What people do with each other: guilds, channels, messages and presence. Every change is stored first and then published
 * as an event into the engine's guild, in one order.
 */
@NullMarked
package dev.guildhall.examples.chat.community;

import org.jspecify.annotations.NullMarked;
