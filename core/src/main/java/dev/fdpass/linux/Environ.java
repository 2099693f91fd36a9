package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The environment of this process in the bytes that it has, man page {@code environ(7)}: text would lose what it cannot say. */
public final class Environ {
    private static final Set<String> CONSUMED = ConcurrentHashMap.newKeySet();

    private Environ() {}

    /** Keeps a variable from children: it was meant for this process. The JVM's own view of it cannot be changed. */
    public static void consume(String name) {
        CONSUMED.add(name);
    }

    /** Whether {@link #consume} was told of this variable. */
    public static boolean isConsumed(String name) {
        return CONSUMED.contains(name);
    }

    /** Each variable as {@code name=value}, without those that were consumed. */
    public static List<byte[]> variables() {
        List<byte[]> all = read();
        all.removeIf(variable -> isConsumed(name(variable)));
        return all;
    }

    private static String name(byte[] variable) {
        String text = new String(variable, ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('=')));
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
