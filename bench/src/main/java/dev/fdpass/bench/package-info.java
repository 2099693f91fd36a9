/** What the commands have in common. */
@NullMarked
package dev.fdpass.bench;

import org.jspecify.annotations.NullMarked;
