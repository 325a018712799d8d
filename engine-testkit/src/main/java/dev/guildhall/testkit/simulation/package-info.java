/**
 * The whole engine on one thread, driven by a seed: what happens, in which order lanes, guilds and timers run, and what breaks. See
 * {@link dev.guildhall.testkit.simulation.Simulation}.
 */
@NullMarked
package dev.guildhall.testkit.simulation;

import org.jspecify.annotations.NullMarked;
