/**
 * The load generator: clients of a gateway by the thousand, from a scenario in a file. Apart from {@link
 * dev.guildhall.bench.load.LoadTarget}, a server to try it on, nothing here knows the engine, so whoever speaks the protocol can be
 * measured.
 */
@NullMarked
package dev.guildhall.bench.load;

import org.jspecify.annotations.NullMarked;
