package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Strings in native memory, as {@code execve(2)} takes them. */
final class NativeStrings {
    private NativeStrings() {}

    /** The address of a string that ends with NUL. */
    static long string(byte[] text, Arena arena) {
        return arena.allocateFrom(JAVA_BYTE, Arrays.copyOf(text, text.length + 1))
                .address();
    }

    /** The address of an array of such strings that ends with a null pointer. */
    static long array(List<byte[]> texts, Arena arena) {
        MemorySegment array = arena.allocate(JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(JAVA_LONG, i, string(texts.get(i), arena));
        }
        return array.address();
    }
}
