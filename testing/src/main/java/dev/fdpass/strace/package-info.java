/** System calls of other processes that fail on purpose, by {@code strace(1)}. */
@NullMarked
package dev.fdpass.strace;

import org.jspecify.annotations.NullMarked;
