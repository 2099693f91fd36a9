/** {@code bench/run}: how fast descriptors pass, in alternating rounds against C and the peers of this library. */
@NullMarked
package dev.fdpass.bench.run;

import org.jspecify.annotations.NullMarked;
