package dev.fdpass.tube;

/**
 * What messages look like on the way. {@link JacksonCodec} is one; for another, bytes come and go as it likes, and each
 * descriptor of a message is the number that {@link FdSink#add} gives for it and {@link FdSource#take} wants.
 *
 * <p>Implementations are immutable, and safe for use by several threads.
 */
@FunctionalInterface
public interface MessageCodec {
    /**
     * Prepares for messages of a type, which was found to be one that {@link Tube} allows.
     *
     * @param <T> a record, an enum, or a sealed interface of those
     * @param type its class
     * @return what encodes and decodes them
     * @throws IllegalArgumentException if this codec cannot
     */
    <T> MessageFormat<T> format(Class<T> type);
}
