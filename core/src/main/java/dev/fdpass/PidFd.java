package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;

import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.PidFds;
import dev.fdpass.linux.Poll;
import java.io.IOException;
import java.nio.channels.InterruptibleChannel;
import java.time.Duration;

/**
 * A process, held by a descriptor: unlike a process number it never comes to mean another process.
 *
 * <p>It says nothing about who the process is or may do; ask {@link Peer#credentials} or the credentials of a message for
 * that, and the process itself may execute another program meanwhile. Opening one by number
 * ({@link #open}) proves only that a process of that number was there at that moment; the ones that the kernel makes
 * ({@link Peer#pidFd}, {@link Received#takePidFd}) are of the process that connected or sent.
 *
 * <p>Safe for use by several threads. Those that wait are woken by {@link #close}
 * ({@link java.nio.channels.AsynchronousCloseException}) and by an interrupt
 * ({@link java.nio.channels.ClosedByInterruptException}, and it is closed). Man pages: {@code pidfd_open(2)}, Linux 5.3;
 * {@code pidfd_send_signal(2)}.
 */
public final class PidFd implements InterruptibleChannel, AsFd {
    private final OwnedFd fd;

    /** Over an owner of a pidfd. */
    PidFd(OwnedFd fd) {
        this.fd = fd;
    }

    /**
     * A process by its number.
     *
     * @param pid a process number as this process sees it, 1 or more
     * @return the process
     * @throws ErrnoException if there is none ({@code ESRCH}; for the number of a mere thread {@code EINVAL}, or
     *     {@code ENOENT} on newer kernels, seen with Linux 6.18)
     * @throws UnsupportedOperationException if the kernel is older than Linux 5.3; {@link #isSupported} tells
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public static PidFd open(long pid) throws IOException {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("process " + pid + "; process numbers are 1 to " + Integer.MAX_VALUE);
        }
        long number = PidFds.open((int) pid);
        if (Errno.ENOSYS.is(number)) {
            throw new UnsupportedOperationException("this kernel has no pidfd_open(2); it needs Linux 5.3");
        }
        Errors.check("pidfd_open " + pid, number);
        return new PidFd(OwnedFd.ofNew((int) number, "opened for process", pid));
    }

    /** {@return whether the kernel has {@code pidfd_open(2)}, and {@link #open} works} */
    public static boolean isSupported() {
        try (PidFd self = open(ProcessHandle.current())) {
            return self.isOpen();
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("no pidfd can be made to see whether the kernel has them", e);
        }
    }

    /**
     * A process that this JVM started or knows.
     *
     * @param process for example that of a {@link Process#toHandle}
     * @return the process
     * @throws IOException as for {@link #open(long)}
     */
    public static PidFd open(ProcessHandle process) throws IOException {
        return open(process.pid());
    }

    /**
     * Uses a descriptor, perhaps a received one, as a process. Closing either closes both.
     *
     * @param fd a pidfd; on an error it stays open and yours
     * @return the process
     * @throws IllegalArgumentException if it is anything else
     * @throws IOException if it is closed
     */
    public static PidFd adopt(OwnedFd fd) throws IOException {
        Expect.pidFd().checkAdopted(fd);
        return new PidFd(fd);
    }

    /**
     * The process number, as long as the process is there or nobody has waited for it.
     *
     * @return its number in this pid namespace; 0 if it is not visible there, -1 if it has ended and was waited for
     * @throws IOException if this is closed, or {@code /proc} is not there
     */
    public long pid() throws IOException {
        return fd.use(number -> {
            long[] pid = new long[1];
            Errors.check("read /proc/self/fdinfo/" + number, PidFds.pid(number, pid));
            return pid[0];
        });
    }

    /**
     * Whether the process runs.
     *
     * @return false once it has ended, even if nobody has waited for it yet
     * @throws IOException if this is closed
     */
    public boolean isAlive() throws IOException {
        return fd.use(number -> Errors.check("ppoll", Poll.now(number, POLLIN)) == 0);
    }

    /**
     * Waits until the process has ended. Any process will do, not only a child; its exit status is told to its parent
     * alone.
     *
     * @throws IOException if this is closed
     */
    public void awaitExit() throws IOException {
        awaitExit(Duration.ZERO);
    }

    /**
     * Waits until the process has ended.
     *
     * @param timeout how long at most; zero for as long as it takes
     * @throws java.net.SocketTimeoutException if it still runs
     * @throws IOException if this is closed
     */
    public void awaitExit(Duration timeout) throws IOException {
        long nanos = Timeouts.nanos(timeout);
        Descriptor descriptor = fd.descriptor();
        descriptor.acquireToWait();
        try {
            if (descriptor.await(POLLIN, Exchange.deadline(nanos)) == 0) {
                throw Errors.timedOut("waiting for a process to end", nanos, 0);
            }
        } finally {
            fd.release();
        }
    }

    /**
     * Sends a signal to this very process.
     *
     * @param signal what to send
     * @throws ErrnoException if the process has ended ({@code ESRCH}), or may not be signalled by this one
     *     ({@code EPERM})
     * @throws IOException if this is closed
     */
    public void sendSignal(Signal signal) throws IOException {
        fd.use(number -> Errors.check("pidfd_send_signal " + signal, PidFds.sendSignal(number, signal.number())));
    }

    /** {@return the descriptor behind this process} */
    @Override
    public OwnedFd asFd() {
        return fd;
    }

    @Override
    public boolean isOpen() {
        return fd.isOpen();
    }

    /** Closes the descriptor and wakes threads that wait; the process goes on. Further calls do nothing. */
    @Override
    public void close() throws IOException {
        fd.close();
    }

    @Override
    public String toString() {
        try {
            return "PidFd[fd " + fd.number() + ", process " + pid() + "]";
        } catch (IOException e) {
            return "PidFd[fd " + fd.number() + ", closed]";
        }
    }
}
