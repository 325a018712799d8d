/** What is kept on disk: an embedded H2 file database, its schema, and one class of queries per table. */
@NullMarked
package dev.guildhall.examples.chat.store;

import org.jspecify.annotations.NullMarked;
