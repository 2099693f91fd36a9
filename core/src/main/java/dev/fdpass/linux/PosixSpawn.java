package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * {@code posix_spawn(3)} with file actions. A JVM must not {@code fork(2)}: the child would have one thread of many, and locks
 * that nobody releases. libc does here what is allowed between a {@code vfork(2)} and an {@code execve(2)}, with all signals
 * blocked.
 *
 * <p>A class of its own so that a program that starts no other does not link it. One handle serves all functions: their
 * arguments are at most six integers and pointers, each in a register of its own on both architectures, where a function
 * does not look for what it does not take.
 */
public final class PosixSpawn {
    /** {@code sizeof(posix_spawn_file_actions_t)}. */
    static final int FILE_ACTIONS_SIZE = 80;
    /** {@code sizeof(posix_spawnattr_t)}. */
    static final int ATTRIBUTES_SIZE = 336;
    /** Of libc's {@code sigset_t}. */
    static final int SIGSET_SIZE = 128;
    /** {@code sizeof(struct sigaction)}, which begins with the handler. */
    static final int SIGACTION_SIZE = 152;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private static final MethodHandle CALL = link();
    private static final MemorySegment INIT = function("posix_spawn_file_actions_init");
    private static final MemorySegment DESTROY = function("posix_spawn_file_actions_destroy");
    private static final MemorySegment DUP2 = function("posix_spawn_file_actions_adddup2");
    private static final MemorySegment CLOSE = function("posix_spawn_file_actions_addclose");
    private static final MemorySegment CLOSE_FROM = function("posix_spawn_file_actions_addclosefrom_np");
    private static final MemorySegment CHANGE_DIRECTORY = function("posix_spawn_file_actions_addfchdir_np");
    private static final MemorySegment INIT_ATTRIBUTES = function("posix_spawnattr_init");
    private static final MemorySegment DESTROY_ATTRIBUTES = function("posix_spawnattr_destroy");
    private static final MemorySegment SET_FLAGS = function("posix_spawnattr_setflags");
    private static final MemorySegment SET_MASK = function("posix_spawnattr_setsigmask");
    private static final MemorySegment SPAWN = function("posix_spawnp");
    private static final MemorySegment SIGACTION = function("sigaction");
    private static final MemorySegment KILL = function("kill");

    static {
        awaitChildren();
    }

    private PosixSpawn() {}

    /** Whether libc can leave a child with exactly the descriptors that it is to have: glibc can from 2.34. */
    public static boolean isSupported() {
        return CLOSE_FROM.address() != 0 && CHANGE_DIRECTORY.address() != 0;
    }

    /**
     * Starts a program, which is looked for in {@code PATH} if its name has no slash. Its signal mask is empty: threads of a
     * JVM have some blocked. Signals that are ignored here stay ignored, as for {@code nohup(1)}, but
     * for that of children: see {@link #awaitChildren}.
     *
     * @param arguments the name of the program first
     * @param environment each as {@code name=value}
     * @param descriptors what it is to have, and nothing else
     * @param directory a descriptor of where it is to begin, or -1 for where this process is
     * @return the number of the new process, or the negated error number, also if it could not execute the program
     */
    public static long spawn(
            byte[] program,
            List<byte[]> arguments,
            List<byte[]> environment,
            DescriptorPlan descriptors,
            int directory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(FILE_ACTIONS_SIZE, 16);
            MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE, 16);
            MemorySegment emptyMask = arena.allocate(SIGSET_SIZE, 16);
            MemorySegment pid = arena.allocate(JAVA_INT);
            long argv = NativeStrings.array(arguments, arena);
            long envp = NativeStrings.array(environment, arena);
            long file = NativeStrings.string(program, arena);
            call(INIT_ATTRIBUTES, attributes.address(), 0, 0);
            call(SET_FLAGS, attributes.address(), (short) SpawnConstants.POSIX_SPAWN_SETSIGMASK, 0);
            call(SET_MASK, attributes.address(), emptyMask.address(), 0);
            call(INIT, actions.address(), 0, 0);
            try {
                long result = plan(actions.address(), descriptors, directory);
                if (result == 0) {
                    result = call(SPAWN, pid.address(), file, actions.address(), attributes.address(), argv, envp);
                }
                return result != 0 ? -result : pid.get(JAVA_INT, 0);
            } finally {
                call(DESTROY, actions.address(), 0, 0);
                call(DESTROY_ATTRIBUTES, attributes.address(), 0, 0);
            }
        }
    }

    /**
     * Ends a child that nobody has waited for, whose number is therefore nobody else's: {@code kill(2)} with {@code SIGKILL}
     * needs no descriptor, and there may be none left.
     *
     * @return 0, or something else if it may not be signalled: a program with another user's rights
     */
    public static long kill(int pid) {
        return call(KILL, pid, SignalConstants.SIGKILL, 0);
    }

    /** In the order in which the child does it. */
    private static long plan(long actions, DescriptorPlan descriptors, int directory) {
        long result = directory < 0 ? 0 : call(CHANGE_DIRECTORY, actions, directory, 0);
        int next = 0;
        for (int i = 0; i < descriptors.count() && result == 0; i++) {
            for (; next < descriptors.target(i) && result == 0; next++) {
                result = call(CLOSE, actions, next, 0); // no error if it is not open
            }
            if (result == 0) {
                result = call(DUP2, actions, descriptors.number(i), next++);
            }
        }
        return result == 0 ? call(CLOSE_FROM, actions, next, 0) : result;
    }

    /**
     * The parent of this process may have left {@code SIGCHLD} ignored, and then nobody would get to know how a child ended.
     * {@code ProcessBuilder} does the same.
     */
    private static void awaitChildren() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_SIZE, 16);
            long result = call(SIGACTION, SignalConstants.SIGCHLD, 0, action.address());
            if (result == 0 && action.get(JAVA_LONG, 0) == SIG_IGN) {
                action.fill((byte) 0).set(JAVA_LONG, 0, SIG_DFL);
                call(SIGACTION, SignalConstants.SIGCHLD, action.address(), 0);
            }
        }
    }

    private static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw Libc.unchecked(t);
        }
    }

    private static MemorySegment function(String name) {
        Optional<MemorySegment> found = Linker.nativeLinker().defaultLookup().find(name);
        return found.orElse(MemorySegment.NULL);
    }

    @SuppressWarnings("restricted") // as in Libc, which has made sure before that it is allowed
    private static MethodHandle link() {
        return Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.of(
                        JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }
}
