/** Waiting for what happens elsewhere. */
@NullMarked
package dev.fdpass.waiting;

import org.jspecify.annotations.NullMarked;
