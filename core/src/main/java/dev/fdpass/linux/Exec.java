package dev.fdpass.linux;

import static dev.fdpass.linux.FileConstants.CLOSE_RANGE_CLOEXEC;
import static dev.fdpass.linux.FileConstants.CLOSE_RANGE_UNSHARE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@code execve(2)} in a JVM that goes on if it fails.
 *
 * <p>It is made by a thread of its own, which first gets a descriptor table of its own ({@code CLOSE_RANGE_UNSHARE}, Linux 5.11
 * with {@code CLOSE_RANGE_CLOEXEC}). What it puts at 3, 4, … there, where the JVM has its archives and sockets, no other thread
 * sees, and what others open meanwhile the new program does not get. Where {@code execve(2)} fails the thread ends, and its
 * table with it.
 *
 * <p>As long as the thread lives with that table it must not load a class: a file that is opened then would have a number
 * that means nothing to the others, and one that was open before is another now: the JVM would read its classes from what the
 * program is to have, and crash. So the thread does nothing but system calls, and {@link #tryEveryCall} has the JVM do before
 * whatever it does when they are made.
 */
public final class Exec {
    /** What went wrong: a step, and the negated error number. */
    public record Failure(Step step, long result) {}

    /** Where it can fail. */
    public enum Step {
        CLOSE_RANGE,
        DUP3,
        FCHDIR,
        RT_SIGPROCMASK,
        EXECVE
    }

    private static final long ALL = 0xffff_ffffL; // numbers are unsigned here

    /**
     * After 127 calls of a method handle the JVM makes code for that very handle, and loads classes for it
     * ({@code CUSTOMIZE_THRESHOLD} in {@code java.lang.invoke.MethodHandleStatics}, which is at most 127).
     */
    private static final int UNTIL_CUSTOMIZED = 130;

    private final MemorySegment errno;
    private final MemorySegment emptyMask;
    private final long[] programs;
    private final long argv;
    private final long envp;
    private final DescriptorPlan descriptors;
    private final int directory;
    private final int back;

    private volatile Step step = Step.CLOSE_RANGE;
    private volatile long result;

    private Exec(
            Arena arena,
            List<byte[]> programs,
            List<byte[]> arguments,
            List<byte[]> environment,
            DescriptorPlan descriptors,
            int directory,
            int back) {
        errno = arena.allocate(16, 16);
        emptyMask = arena.allocate(Poll.SIGSET_SIZE, 8);
        this.programs = programs.stream()
                .mapToLong(program -> NativeStrings.string(program, arena))
                .toArray();
        argv = NativeStrings.array(arguments, arena);
        envp = NativeStrings.array(environment, arena);
        this.descriptors = descriptors;
        this.directory = directory;
        this.back = back;
    }

    /**
     * Becomes another program.
     *
     * @param programs what to try, one after the other, as {@code execvp(3)} does
     * @param arguments the name of the program first
     * @param environment each as {@code name=value}
     * @param descriptors what it is to have, and nothing else; close-on-exec themselves
     * @param directory a descriptor of where it is to begin, or -1; above all targets, as it is used when they are in place
     * @param back a descriptor of where this process is, for when it fails, or -1; above all targets too
     * @return why it has failed
     */
    public static Failure exec(
            List<byte[]> programs,
            List<byte[]> arguments,
            List<byte[]> environment,
            DescriptorPlan descriptors,
            int directory,
            int back) {
        try (Arena arena = Arena.ofShared()) {
            Exec exec = new Exec(arena, programs, arguments, environment, descriptors, directory, back);
            exec.tryEveryCall();
            Thread thread = Thread.ofPlatform().name("fdpass-exec").unstarted(exec::run);
            thread.start();
            awaitEnd(thread);
            return new Failure(exec.step, exec.result);
        }
    }

    private static void awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Loads and links what the thread needs: each of its calls with arguments that the kernel refuses. */
    private void tryEveryCall() {
        Syscall.CLOSE_RANGE.call(errno, 1, 0, 0);
        Syscall.DUP3.call(errno, -1, -1, 0);
        Syscall.FCHDIR.call(errno, -1, 0, 0);
        Syscall.RT_SIGPROCMASK.call(errno, -1, 0, 0, Poll.SIGSET_SIZE);
        Syscall.EXECVE.call(errno, 0, 0, 0);
        for (int i = 0; i < UNTIL_CUSTOMIZED; i++) {
            Syscall.DUP3.call(errno, -1, -1, 0);
        }
    }

    private void run() {
        result = Syscall.CLOSE_RANGE.call(errno, 3, ALL, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC);
        if (result == 0) {
            becomeProgram();
            // Nothing keeps an open file alive that the others close, even if this thread takes long to end.
            Syscall.CLOSE_RANGE.call(errno, 0, ALL, 0);
        }
    }

    private void becomeProgram() {
        step = Step.DUP3;
        for (int number = 0, i = 0; number < 3; number++) { // those that are not close-on-exec yet
            if (i < descriptors.count() && descriptors.target(i) == number) {
                i++;
            } else {
                Syscall.CLOSE.call(errno, number, 0, 0);
            }
        }
        for (int i = 0; i < descriptors.count(); i++) {
            result = Syscall.DUP3.call(errno, descriptors.number(i), descriptors.target(i), 0);
            if (result < 0) {
                return;
            }
        }
        step = Step.RT_SIGPROCMASK; // threads of a JVM have some signals blocked
        result = Syscall.RT_SIGPROCMASK.call(
                errno, SpawnConstants.SIG_SETMASK, emptyMask.address(), 0, Poll.SIGSET_SIZE);
        if (result < 0) {
            return;
        }
        if (directory < 0) {
            execute();
            return;
        }
        step = Step.FCHDIR; // of the whole process: a directory of a thread's own may need a privilege
        result = Syscall.FCHDIR.call(errno, directory, 0, 0);
        if (result == 0) {
            execute();
            Syscall.FCHDIR.call(errno, back, 0, 0);
        }
    }

    private void execute() {
        step = Step.EXECVE;
        long refused = 0;
        for (long program : programs) {
            result = Syscall.EXECVE.call(errno, program, argv, envp);
            if (Errno.EACCES.is(result)) {
                refused = result;
            } else if (!isElsewhere(result)) {
                return;
            }
        }
        result = refused == 0 ? result : refused;
    }

    /** Whether {@code execvp(3)} looks into the next directory. */
    private static boolean isElsewhere(long result) {
        return Errno.ENOENT.is(result)
                || Errno.ENOTDIR.is(result)
                || Errno.ENODEV.is(result)
                || Errno.ESTALE.is(result)
                || Errno.ETIMEDOUT.is(result);
    }
}
