/**
 * Starts programs with descriptors, which {@link java.lang.ProcessBuilder} cannot: {@link dev.fdpass.spawn.Spawn}.
 */
@NullMarked
package dev.fdpass.spawn;

import org.jspecify.annotations.NullMarked;
