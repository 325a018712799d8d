/** The terms of the publicly documented Discord API v10: ids, errors, intents, and the JSON shape of each thing. */
@NullMarked
package dev.guildhall.examples.chat.api;

import org.jspecify.annotations.NullMarked;
