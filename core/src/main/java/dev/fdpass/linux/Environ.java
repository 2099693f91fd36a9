package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The environment of this process in the bytes that it has, man page {@code environ(7)}: text would lose what it cannot say. */
public final class Environ {
    /** Kept beside what the kernel gave, as only this class sees all of it: whoever starts a program asks here. */
    private static final Set<String> CONSUMED = ConcurrentHashMap.newKeySet();

    private Environ() {}

    /** Keeps a variable from children: it was meant for this process. The JVM's own view of it cannot be changed. */
    public static void consume(String name) {
        CONSUMED.add(name);
    }

    /**
     * The variables by name, without those that were consumed, in their order; each as {@code name=value}. Of several with
     * one name it has the first, which is the one that {@code getenv(3)} finds. Names are given a character a byte. Text
     * that is no variable, without {@code '='}, is kept under a name with one, which no variable has.
     */
    public static SequencedMap<String, byte[]> variables() {
        SequencedMap<String, byte[]> all = new LinkedHashMap<>();
        for (byte[] variable : read()) {
            String text = new String(variable, ISO_8859_1);
            int end = text.indexOf('=', 1);
            all.putIfAbsent(end < 0 ? text + "=" : text.substring(0, end), variable);
        }
        CONSUMED.forEach(all::remove);
        return all;
    }

    private static List<byte[]> read() {
        Optional<MemorySegment> symbol = Linker.nativeLinker().defaultLookup().find("environ");
        MemorySegment array = symbol.map(found -> pointer(found, 0)).orElse(MemorySegment.NULL);
        List<byte[]> all = new ArrayList<>();
        if (array.address() == 0) { // a launcher with a variable environ of its own
            System.getenv().forEach((name, value) -> all.add(NativeText.bytes(name + "=" + value)));
            return all;
        }
        for (long i = 0; ; i++) {
            MemorySegment variable = pointer(array, i * JAVA_LONG.byteSize());
            if (variable.address() == 0) {
                return all;
            }
            all.add(bytes(variable));
        }
    }

    @SuppressWarnings("restricted") // libc's own, which is as long as it says
    private static MemorySegment pointer(MemorySegment array, long offset) {
        return MemorySegment.ofAddress(array.reinterpret(Long.MAX_VALUE).get(JAVA_LONG, offset));
    }

    @SuppressWarnings("restricted") // as above
    private static byte[] bytes(MemorySegment string) {
        MemorySegment memory = string.reinterpret(Long.MAX_VALUE);
        long length = 0;
        while (memory.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return memory.asSlice(0, length).toArray(JAVA_BYTE);
    }
}
