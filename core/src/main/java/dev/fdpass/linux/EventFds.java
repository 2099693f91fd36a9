package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** {@code eventfd(2)}. */
public final class EventFds {
    private static final int COUNTER_SIZE = 8;

    private EventFds() {}

    /** A new eventfd with close-on-exec. */
    public static long create(long initial, boolean semaphore) {
        int flags = FileConstants.EFD_CLOEXEC | (semaphore ? FileConstants.EFD_SEMAPHORE : 0);
        return Syscall.EVENTFD2.call(initial, flags, 0);
    }

    /**
     * Reads the counter without waiting, whatever the status flags.
     *
     * @param value where the counter goes, at index 0
     */
    public static long read(int number, long[] value) {
        Scratch scratch = Scratch.take();
        try {
            long result = FileIo.readNoWait(number, scratch.memory(), COUNTER_SIZE);
            value[0] = scratch.memory().get(JAVA_LONG, 0);
            return result;
        } finally {
            scratch.give();
        }
    }

    /** Adds to the counter; waits in the kernel if it would overflow and the description is in blocking mode. */
    public static long write(int number, long value) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().set(JAVA_LONG, 0, value);
            return Syscall.WRITE.call(scratch.errno(), number, scratch.address(), COUNTER_SIZE);
        } finally {
            scratch.give();
        }
    }
}
