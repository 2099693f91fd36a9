/** Signals that a test sends to a program. */
@NullMarked
package dev.fdpass.signals;

import org.jspecify.annotations.NullMarked;
