package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** {@code ppoll(2)}: waits until one of two descriptors is ready. */
public final class Poll {
    static final int POLLFD_SIZE = 8;
    static final int FD = 0;
    static final int EVENTS = 4;
    static final int REVENTS = 6;
    static final int TV_SEC = 0;
    static final int TV_NSEC = 8;
    /** Of the kernel's {@code sigset_t}, which is not the larger one of libc. */
    static final int SIGSET_SIZE = 8;

    private static final int TIMESPEC = 2 * POLLFD_SIZE;

    private Poll() {}

    /**
     * Which of {@code events} are there on {@code number} now. Even this can be interrupted, and is asked again then.
     *
     * @return the events, {@code POLLERR} and {@code POLLHUP} among them, or the negated error number
     */
    public static long now(int number, int events) {
        long ready;
        do {
            ready = poll(number, events, -1, 0);
        } while (Errno.EINTR.is(ready));
        return ready;
    }

    /**
     * Waits for {@code events} on {@code number}, for {@code wake} to become readable, or for the time to pass.
     *
     * @param number a descriptor, or -1 for none
     * @param wake a descriptor, or -1 for none
     * @param nanos how long at most; negative for as long as it takes
     * @return the events that are there on {@code number}, 0 if {@code wake} or the time ended it, or the negated
     *     error number
     */
    public static long poll(int number, int events, int wake, long nanos) {
        Scratch scratch = Scratch.take();
        try {
            MemorySegment memory = scratch.memory();
            memory.set(JAVA_INT, FD, number);
            memory.set(JAVA_INT, EVENTS, events); // and no revents
            memory.set(JAVA_INT, POLLFD_SIZE + FD, wake);
            memory.set(JAVA_INT, POLLFD_SIZE + EVENTS, SocketConstants.POLLIN);
            long timespec = 0;
            if (nanos >= 0) {
                memory.set(JAVA_LONG, TIMESPEC + TV_SEC, nanos / 1_000_000_000);
                memory.set(JAVA_LONG, TIMESPEC + TV_NSEC, nanos % 1_000_000_000);
                timespec = scratch.address() + TIMESPEC;
            }
            // Without a signal mask its size must still be that of the kernel's sigset_t.
            long result = Syscall.PPOLL.call(scratch.errno(), scratch.address(), 2, timespec, 0, SIGSET_SIZE, 0);
            return result < 0 ? result : Short.toUnsignedInt(memory.get(JAVA_SHORT, REVENTS));
        } finally {
            scratch.give();
        }
    }
}
