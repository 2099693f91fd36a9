package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;

/**
 * {@code syscall(2)} with three arguments more than any system call has. Nobody reads them, but for their sake the linker
 * keeps the arenas of three segments open until the call is over. A class of its own so that a program that never needs it does
 * not link it.
 */
final class LibcHolding {
    /** As {@link Libc#SYSCALL}, and three segments. */
    static final MethodHandle SYSCALL =
            Libc.link(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);

    private LibcHolding() {}
}
