/** The command {@code fdpass}: what it understands, and what it prints. */
@NullMarked
package dev.fdpass.cli;

import org.jspecify.annotations.NullMarked;
