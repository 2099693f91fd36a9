/** {@code fdpass hold}: keeps descriptors while the programs that use them are restarted. */
@NullMarked
package dev.fdpass.cli.hold;

import org.jspecify.annotations.NullMarked;
