package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code syscall(2)} with three arguments more than any system call has. Nobody reads them, but for their sake the linker
 * keeps the arenas of three segments open until the call is over. A class of its own so that a program that never needs it does
 * not link it.
 */
final class LibcHolding {
    private static final MethodHandle SYSCALL =
            Libc.link(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);

    private LibcHolding() {}

    static long syscall(
            MemorySegment errno,
            long number,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            MemorySegment held1,
            MemorySegment held2,
            MemorySegment held3) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(Libc.FUNCTION, errno, number, a, b, c, d, e, f, held1, held2, held3);
        } catch (Throwable t) {
            throw Libc.unchecked(t);
        }
        return result == -1 ? Libc.error(errno) : result;
    }
}
