package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code eventfd(2)}. */
public final class EventFds {
    private static final int COUNTER_SIZE = 8;
    /** The most that a counter holds. */
    private static final long LARGEST = 0xffff_ffff_ffff_fffeL;

    private static final int WAKE_ATTEMPTS = 100;

    private static final Pattern COUNT = Pattern.compile("eventfd-count:\\s*([0-9a-f]{1,16})");

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

    /**
     * Whether {@code value} fits into a counter that polls writable, so that {@link #write} does not wait in the kernel,
     * where closing could not wake it: unlike a read, a write to an eventfd cannot be tried. Between this and the
     * write another writer may still be faster. Where there is no {@code /proc} to ask, the counter is taken for 0.
     *
     * @return 1 if it does, 0 if not, or the negated error number
     */
    public static long hasRoom(int number, long value) {
        Fdinfo info = Fdinfo.read(number);
        if (info.result() < 0) {
            return Errno.ENOENT.is(info.result()) ? 1 : info.result();
        }
        return Long.compareUnsigned(value, LARGEST - count(info.text())) <= 0 ? 1 : 0;
    }

    static long count(String fdinfo) {
        Matcher count = COUNT.matcher(fdinfo);
        return count.find() ? Long.parseUnsignedLong(count.group(1), 16) : 0;
    }

    /**
     * Adds 1, also where no more memory can be had, to a counter that nobody fills. Nobody else would wake those that wait
     * for it: what fails is tried again.
     */
    public static void wake(int number) {
        Scratch scratch = Scratch.takeAlways();
        try {
            long result;
            int attempts = 0;
            do {
                scratch.memory().set(JAVA_LONG, 0, 1); // whoever shares it writes the same
                result = Syscall.WRITE.call(scratch.errno(), number, scratch.address(), COUNTER_SIZE);
            } while (result < 0 && ++attempts < WAKE_ATTEMPTS);
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
