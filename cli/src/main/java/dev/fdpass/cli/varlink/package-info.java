/**
 * {@code fdpass varlink}. The commands themselves name no type of {@code dev.fdpass.varlink}, so that the help can be shown
 * without that module.
 */
@NullMarked
package dev.fdpass.cli.varlink;

import org.jspecify.annotations.NullMarked;
