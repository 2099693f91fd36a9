package dev.fdpass;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Gives a signal its default action again, which the JVM has taken from it. */
final class SignalDefault {
    private SignalDefault() {}

    @SuppressWarnings("restricted") // the JDK cannot do it
    static void set(int signal) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment before = (MemorySegment) linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("signal"), FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS))
                .invokeExact(signal, MemorySegment.NULL);
        if (before.address() == -1) {
            throw new AssertionError("signal(2) failed");
        }
    }
}
