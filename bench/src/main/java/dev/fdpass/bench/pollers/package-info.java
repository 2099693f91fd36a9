/** {@code bench/pollers}: what one thread pays for each socket that is ready, among many that are registered. */
@NullMarked
package dev.fdpass.bench.pollers;

import org.jspecify.annotations.NullMarked;
