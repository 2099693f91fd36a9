/** The server of Netty, with its NIO transport over channels of the JDK. */
@NullMarked
package dev.fdpass.examples.hotrestart.netty;

import org.jspecify.annotations.NullMarked;
