/**
 * What an application uses: open an {@link dev.guildhall.Engine}, open sessions, subscribe them to guilds, publish.
 *
 * <p>All interfaces here are implemented by the engine only. Unless a method says otherwise it may be called from any
 * thread and does not block.
 */
@NullMarked
package dev.guildhall;

import org.jspecify.annotations.NullMarked;
