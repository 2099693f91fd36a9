/** The server program: what it is told, how it warms up, and how it is started again as its own successor. */
@NullMarked
package dev.fdpass.examples.hotrestart.server;

import org.jspecify.annotations.NullMarked;
