package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** Buffers with text in them. */
public final class Text {
    private Text() {}

    /** A heap buffer with the bytes of {@code text}. */
    public static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** A direct buffer with the bytes of {@code text}. */
    public static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** The remaining bytes of {@code buffer} as text. */
    public static String of(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate()).toString();
    }

    /** What was put into {@code buffer} up to its position. */
    public static String before(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate().flip()).toString();
    }
}
