/** The command {@code examples/shared-ring/run}: a ring and a socket between the same two JVMs, measured in turns. */
@NullMarked
package dev.fdpass.examples.sharedring.run;

import org.jspecify.annotations.NullMarked;
