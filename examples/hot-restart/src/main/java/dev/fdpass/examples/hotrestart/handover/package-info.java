/** How one server process gives its listener and its connections to the next one: {@code PROTOCOL.md}. */
@NullMarked
package dev.fdpass.examples.hotrestart.handover;

import org.jspecify.annotations.NullMarked;
