/**
 * Threads that race for descriptors, messages and sockets. jcstress runs every race many times and compares what came of
 * it with what is allowed; a descriptor that leaks, is closed twice, or touches somebody else's file is not.
 *
 * <p>They see it from outside, through the public API: {@link dev.fdpass.races.Watched} tells whether a descriptor is
 * still open anywhere, and {@link dev.fdpass.races.Foreign} files take the numbers that have just become free.
 */
@NullMarked
package dev.fdpass.races;

import org.jspecify.annotations.NullMarked;
