/** The HTTP side: REST in the shapes of the publicly documented Discord API v10, and the page. */
@NullMarked
package dev.guildhall.examples.chat.rest;

import org.jspecify.annotations.NullMarked;
