/** {@code fdpass inspect}: what a descriptor, or every one of a process, is. */
@NullMarked
package dev.fdpass.cli.inspect;

import org.jspecify.annotations.NullMarked;
