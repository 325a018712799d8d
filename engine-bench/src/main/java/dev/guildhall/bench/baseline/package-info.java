/** What the engine is measured against: ways to fan out that a Java programmer would write or find in the JDK. */
@NullMarked
package dev.guildhall.bench.baseline;

import org.jspecify.annotations.NullMarked;
