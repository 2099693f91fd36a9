package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;

/**
 * The downcall into libc: {@code long syscall(long number, ...)}, man page {@code syscall(2)}. One handle for every
 * system call, because each further handle costs a starting JVM several milliseconds.
 */
final class Libc {
    /**
     * The function, passed with each call: a constant to the compiler, and binding it into the handle would cost a starting
     * JVM another 2 ms.
     */
    static final MemorySegment FUNCTION = find();

    /**
     * Its arguments: {@link #FUNCTION}, where the error number goes, the number of the system call, and six for the kernel.
     * Called where it is used, not through a method of its own: the compiler looks into it only so deep, and where it stops,
     * each call makes an object.
     */
    static final MethodHandle SYSCALL = link(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Libc() {}

    private static MemorySegment find() {
        try {
            checkPlatform();
            return Linker.nativeLinker().defaultLookup().findOrThrow("syscall");
        } catch (UnsupportedOperationException e) {
            return MemorySegment.NULL; // the handle says why
        }
    }

    /** Never 0, which would mean success, even if another call has overwritten a shared error number. */
    static long error(MemorySegment errno) {
        return -Math.max(1, errno.get(JAVA_INT, 0));
    }

    /**
     * Links {@code syscall(2)} for these arguments after {@link #FUNCTION}, the error number's place and the number. Where that is not possible the handle throws why:
     * a failed static initialiser would say it once and then only "could not initialize class".
     */
    @SuppressWarnings("restricted") // this is the one place; the module declares what it needs
    static MethodHandle link(MemoryLayout... arguments) {
        MemoryLayout[] all = new MemoryLayout[arguments.length + 1];
        all[0] = JAVA_LONG;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            checkPlatform();
            return Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_LONG, all),
                            Linker.Option.captureCallState("errno"),
                            Linker.Option.firstVariadicArg(1));
        } catch (IllegalCallerException e) {
            return throwing(new IllegalCallerException(nativeAccessAdvice(), e), all);
        } catch (UnsupportedOperationException e) {
            return throwing(e, all);
        }
    }

    private static void checkPlatform() {
        String os = System.getProperty("os.name", "?");
        String arch = System.getProperty("os.arch", "?");
        if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("aarch64"))) {
            throw new UnsupportedOperationException(
                    "fdpass runs on Linux on x86-64 (amd64) and aarch64; this is " + os + " on " + arch);
        }
    }

    private static String nativeAccessAdvice() {
        Module module = Libc.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return "fdpass calls the kernel and was not given native access:" + " start java with --enable-native-access="
                + name;
    }

    private static MethodHandle throwing(RuntimeException why, MemoryLayout[] arguments) {
        Class<?>[] types = new Class<?>[arguments.length + 2];
        types[0] = MemorySegment.class;
        types[1] = MemorySegment.class;
        for (int i = 0; i < arguments.length; i++) {
            types[i + 2] = arguments[i] == ADDRESS ? MemorySegment.class : long.class;
        }
        MethodHandle thrower =
                MethodHandles.throwException(long.class, RuntimeException.class).bindTo(why);
        return MethodHandles.dropArguments(thrower, 0, Arrays.asList(types));
    }

    /** The linked handle declares {@code Throwable}, but only unchecked ones can arrive. */
    static RuntimeException unchecked(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        throw new AssertionError("a downcall threw a checked exception", t);
    }
}
