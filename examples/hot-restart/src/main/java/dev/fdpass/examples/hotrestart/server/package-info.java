/** The server program, and what its two variants have in common: connections that come from one process and go to another. */
@NullMarked
package dev.fdpass.examples.hotrestart.server;

import org.jspecify.annotations.NullMarked;
