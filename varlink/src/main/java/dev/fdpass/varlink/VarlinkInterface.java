package dev.fdpass.varlink;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A Java interface that is a Varlink interface: a client gets an object that calls ({@link VarlinkClient#proxy}), a service
 * is given one that is called ({@link VarlinkService.Builder#add(Class, Object)}).
 *
 * <pre>{@code
 * @VarlinkInterface("org.example.files")
 * public interface Files {
 *     Opened open(String path, Optional<Long> offset) throws IOException;
 *
 *     record Opened(OwnedFd file, long size) {}
 *
 *     Replies<Entry> list(OwnedFd directory) throws IOException;
 *
 *     record Entry(String name, boolean isDirectory) {}
 * }
 * }</pre>
 *
 * <p>Each abstract method is a Varlink method, whose name begins with a capital ({@code Open}). Its parameters have the names
 * that they have in Java, for which the compiler must be called with {@code -parameters}, unless
 * {@link com.fasterxml.jackson.annotation.JsonProperty} gives another. It returns nothing, a record whose components are what is
 * replied, or {@link Replies} of one, which the client asks for with {@code more}. It declares {@link java.io.IOException}, of
 * which {@link VarlinkException} is one.
 *
 * <p>Types are {@code boolean}, integers, floating-point numbers (but neither infinite nor NaN, which JSON has not),
 * {@code String}, enums, records, lists and arrays ({@code byte[]} is a string, Base64), maps from {@code String}, {@link com.fasterxml.jackson.databind.JsonNode} for anything, {@link java.util.Optional}
 * of these for what may be missing, and {@link dev.fdpass.OwnedFd}: a descriptor that goes with the message, for which an
 * {@code int} stands in the description and an index on the wire.
 *
 * <p><b>Who closes descriptors:</b> a client's arguments are borrowed, and what a call returns is its own. A service's method
 * owns its arguments, and must close them when it is done with them; should it throw, they are closed for it. What it returns
 * is closed for it once it is sent: to keep one, return a {@linkplain dev.fdpass.OwnedFd#duplicate duplicate}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface VarlinkInterface {
    /** {@return the name, such as {@code org.example.files}} */
    String value();

    /** {@return the comment before the interface in a description that is generated; empty for none} */
    String documentation() default "";
}
