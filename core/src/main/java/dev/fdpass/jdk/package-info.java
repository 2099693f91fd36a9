/**
 * From descriptors to objects of the JDK, and back: {@link dev.fdpass.jdk.JdkSockets} for socket channels,
 * {@link dev.fdpass.jdk.JdkFiles} for file channels and streams, {@link dev.fdpass.jdk.JdkRedirect} for the standard streams
 * of a child process.
 *
 * <p>Without any flag an object of the JDK's own is opened as a placeholder and the descriptor put in the place of its
 * number ({@code dup3(2)}). With {@code --add-opens java.base/sun.nio.ch=dev.fdpass} (or {@code =ALL-UNNAMED} on the class
 * path; in a manifest, {@code Add-Opens: java.base/sun.nio.ch}) the fields of the JDK are read and set besides, which some
 * things need; so with {@code java.base/java.io} for files, and {@code java.base/java.lang} for children. An exception says
 * what is missing. What differs is written where it differs.
 */
@NullMarked
package dev.fdpass.jdk;

import org.jspecify.annotations.NullMarked;
