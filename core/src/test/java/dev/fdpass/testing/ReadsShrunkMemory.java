package dev.fdpass.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;

/**
 * A program that touches mapped memory which its sender has taken away meanwhile, in several ways, and prints what
 * happened each time. A JVM of its own, because what it does is a {@code SIGBUS}.
 */
public final class ReadsShrunkMemory {
    private static final long SIZE = 1 << 20;

    private ReadsShrunkMemory() {}

    private interface Access {
        void run();
    }

    public static void main(String... arguments) throws Exception {
        try (SharedMemory sender = SharedMemory.create("shrinks", SIZE);
                SharedMemory receiver = SharedMemory.adopt(sender.asFd().duplicate());
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = receiver.mapUnsealed(MapMode.READ_WRITE, 0, SIZE, arena);
            mapped.fill((byte) 1);
            sender.resize(4096);
            report("read", () -> mapped.get(JAVA_BYTE, SIZE - 1));
            report("write", () -> mapped.set(JAVA_BYTE, SIZE - 1, (byte) 1));
            report("volatile read", () -> VolatileSlice.of(mapped).getIntVolatile(SIZE - 8));
            report("copy", () -> VolatileSlice.of(mapped).copyTo(SIZE / 2, new byte[1000]));
            System.out.println("what is left reads " + mapped.get(JAVA_BYTE, 0));
        }
    }

    private static void report(String what, Access access) {
        try {
            access.run();
            // The JVM may deliver the error a little after the access.
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
            }
            System.out.println(what + ": nothing");
        } catch (InternalError e) {
            System.out.println(what + ": InternalError");
        }
    }
}
