/** {@code bench/virtual-threads}: a round trip through each of many virtual threads that wait. */
@NullMarked
package dev.fdpass.bench.threads;

import org.jspecify.annotations.NullMarked;
