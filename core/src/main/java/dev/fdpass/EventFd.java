package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;
import static dev.fdpass.linux.SocketConstants.POLLOUT;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.EventFds;
import dev.fdpass.linux.Poll;
import java.io.IOException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A counter that processes wait on: one writes, the other is woken, {@code eventfd(2)}.
 *
 * <p>Safe for use by several threads. Those that wait are woken by {@link #close}
 * ({@link java.nio.channels.AsynchronousCloseException}) and by an interrupt
 * ({@link java.nio.channels.ClosedByInterruptException}, and it is closed). Values are unsigned 64-bit numbers.
 *
 * <p>One thing the kernel has no way to do: a write that does not wait, to a counter that is shared and in blocking mode. A
 * process that fills the counter just between the look whether there is room and the write makes that write wait, timeout
 * or not, until somebody reads. So do not share a counter that must be written in time with a process that is not
 * trusted; give it one each.
 */
public final class EventFd implements InterruptibleChannel, AsFd {
    private static final long PAUSE_NANOS = 1_000_000;

    private final OwnedFd fd;

    private EventFd(OwnedFd fd) {
        this.fd = fd;
    }

    /**
     * A counter at 0 that a read takes whole.
     *
     * @return the new counter
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static EventFd create() throws IOException {
        return create(0, false);
    }

    /**
     * A counter that a read takes whole.
     *
     * @param initial its value at first, 0 to 4294967295
     * @return the new counter
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static EventFd create(long initial) throws IOException {
        return create(initial, false);
    }

    /**
     * A counter that a read takes 1 from, {@code EFD_SEMAPHORE}.
     *
     * @param initial its value at first, 0 to 4294967295
     * @return the new counter
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static EventFd createSemaphore(long initial) throws IOException {
        return create(initial, true);
    }

    private static EventFd create(long initial, boolean semaphore) throws IOException {
        if (initial < 0 || initial > 0xffff_ffffL) {
            throw new IllegalArgumentException("the initial value is " + initial + "; it must be 0 to 4294967295");
        }
        int number = (int) Errors.check("eventfd", EventFds.create(initial, semaphore));
        return new EventFd(OwnedFd.ofNew(number, "created as", "an eventfd"));
    }

    /**
     * Uses a descriptor, perhaps a received one, as a counter. Closing either closes both.
     *
     * @param fd an eventfd; on an error it stays open and yours
     * @return the counter
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static EventFd adopt(OwnedFd fd) throws IOException {
        Expect.eventFd().checkAdopted(fd);
        return new EventFd(fd);
    }

    /**
     * Waits until the counter is not 0 and takes it whole, or 1 from a semaphore.
     *
     * @return the value taken
     * @throws IOException if it is closed
     */
    public long read() throws IOException {
        return read(Duration.ZERO);
    }

    /**
     * Waits until the counter is not 0 and takes it whole, or 1 from a semaphore.
     *
     * @param timeout how long at most; zero for as long as it takes
     * @return the value taken
     * @throws java.net.SocketTimeoutException if it stays 0
     * @throws IOException if it is closed
     */
    public long read(Duration timeout) throws IOException {
        return read(Timeouts.nanos(timeout)).orElseThrow();
    }

    /**
     * Takes the value if the counter is not 0.
     *
     * @return the value taken, or empty if it is 0
     * @throws IOException if it is closed
     */
    public OptionalLong tryRead() throws IOException {
        return read(Exchange.TRY);
    }

    private OptionalLong read(long timeout) throws IOException {
        Descriptor descriptor = fd.descriptor();
        int number = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            long deadline = timeout == Exchange.TRY ? 0 : Exchange.deadline(timeout);
            long[] value = new long[1];
            while (true) {
                long result = EventFds.read(number, value);
                if (result >= 0) {
                    return OptionalLong.of(value[0]);
                }
                if (Errno.EAGAIN.is(result)) {
                    if (timeout == Exchange.TRY) {
                        return OptionalLong.empty();
                    }
                    if (descriptor.await(POLLIN, deadline) == 0) {
                        throw Errors.timedOut("eventfd read", timeout, 0);
                    }
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of("read", result);
                }
            }
        } finally {
            fd.release();
        }
    }

    /**
     * Adds to the counter, and waits while it has no room, which is beyond 2<sup>64</sup>-2.
     *
     * @param value what to add, unsigned; not the largest of all, 0xffffffffffffffff
     * @throws IOException if it is closed
     */
    public void write(long value) throws IOException {
        write(value, Duration.ZERO);
    }

    /**
     * Adds to the counter, and waits while it has no room.
     *
     * @param value what to add, unsigned; not the largest of all, 0xffffffffffffffff
     * @param timeout how long at most; zero for as long as it takes
     * @throws java.net.SocketTimeoutException if there is no room in time; nothing was added
     * @throws IOException if it is closed
     */
    public void write(long value, Duration timeout) throws IOException {
        long nanos = Timeouts.nanos(timeout);
        if (!write(value, nanos)) {
            throw Errors.timedOut("eventfd write", nanos, 0);
        }
    }

    /**
     * Adds to the counter if it has room.
     *
     * @param value what to add, unsigned; not the largest of all, 0xffffffffffffffff
     * @return whether it was added
     * @throws IOException if it is closed
     */
    public boolean tryWrite(long value) throws IOException {
        return write(value, Exchange.TRY);
    }

    private boolean write(long value, long timeout) throws IOException {
        if (value == -1) {
            throw new IllegalArgumentException("an eventfd cannot hold 0xffffffffffffffff; the most is one less");
        }
        Descriptor descriptor = fd.descriptor();
        int number = timeout == Exchange.TRY ? descriptor.acquire() : descriptor.acquireToWait();
        try {
            long deadline = timeout == Exchange.TRY ? 0 : Exchange.deadline(timeout);
            while (isWritable(number, timeout, deadline)) {
                long result = hasRoom(number, value) ? EventFds.write(number, value) : -Errno.EAGAIN.number();
                if (result >= 0) {
                    return true;
                }
                if (Errno.EAGAIN.is(result)) {
                    if (timeout == Exchange.TRY || isOver(deadline)) {
                        return false;
                    }
                    descriptor.await(0, System.nanoTime() + PAUSE_NANOS);
                } else if (!Errno.EINTR.is(result)) {
                    throw Errors.of("write", result);
                }
            }
            return false;
        } finally {
            fd.release();
        }
    }

    private boolean isWritable(int number, long timeout, long deadline) throws IOException {
        return timeout == Exchange.TRY
                ? Errors.check("ppoll", Poll.now(number, POLLOUT)) != 0
                : fd.descriptor().lookThenAwait(POLLOUT, deadline) != 0;
    }

    /** A counter that polls writable promises room for 1; a write of more could wait in the kernel. */
    private static boolean hasRoom(int number, long value) throws IOException {
        return value == 1
                // What is not readable is 0, and takes any value.
                || (Errors.check("ppoll", Poll.now(number, POLLIN)) & POLLIN) == 0
                || Errors.check("read /proc/self/fdinfo", EventFds.hasRoom(number, value)) == 1;
    }

    private static boolean isOver(long deadline) {
        return deadline != Descriptor.NEVER && System.nanoTime() - deadline >= 0;
    }

    /** {@return the descriptor behind this counter} */
    @Override
    public OwnedFd asFd() {
        return fd;
    }

    @Override
    public boolean isOpen() {
        return fd.isOpen();
    }

    /** Closes the counter and wakes threads that wait. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        return "EventFd[fd " + fd.number() + (isOpen() ? "]" : ", closed]");
    }
}
