package dev.fdpass.faults;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** System calls that nobody else makes, by which a trace shows where an operation begins and ends. */
final class Marks {
    /** The call that {@link #mark} makes. */
    static final String NAME = "getppid";

    private static final MethodHandle MARK = of(NAME);
    private static final MethodHandle THREAD = of("gettid");

    private Marks() {}

    static void mark() {
        call(MARK);
    }

    /** The number that the kernel gives to this thread. */
    static int thread() {
        return call(THREAD);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle of(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT));
    }

    private static int call(MethodHandle handle) {
        try {
            return (int) handle.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
