/** The command {@code examples/hot-restart/run}: load, restarts, and what the clients noticed of them. */
@NullMarked
package dev.fdpass.examples.hotrestart.run;

import org.jspecify.annotations.NullMarked;
