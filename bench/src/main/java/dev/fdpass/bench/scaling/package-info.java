/** {@code bench/scaling}: what one descriptor, byte or buffer more costs, from one to as many as a message carries. */
@NullMarked
package dev.fdpass.bench.scaling;

import org.jspecify.annotations.NullMarked;
