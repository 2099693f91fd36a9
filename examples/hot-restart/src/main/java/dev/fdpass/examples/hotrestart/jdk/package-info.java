/** The server of the JDK: {@code ServerSocketChannel} and a virtual thread for each connection. */
@NullMarked
package dev.fdpass.examples.hotrestart.jdk;

import org.jspecify.annotations.NullMarked;
