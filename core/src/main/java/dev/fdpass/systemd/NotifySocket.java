package dev.fdpass.systemd;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.FdPipe;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.internal.Timeouts;
import dev.fdpass.linux.MonotonicClock;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how this service is doing, and has it keep descriptors: {@code sd_notify(3)}.
 *
 * <pre>{@code
 * NotifySocket.fromEnvironment().ready();
 * }</pre>
 *
 * <p>Nothing needs closing: each message goes through a socket of its own, which is open only so long, as systemd's library
 * does it. So an interrupt ends no more than the one call ({@link java.nio.channels.ClosedByInterruptException}).
 *
 * <p>A call returns when the message is on its way; {@link #barrier} waits until the manager has got to it. It waits while
 * the manager's queue is full, as long as it takes or no longer than {@link #withSendTimeout} says
 * ({@link SocketTimeoutException}). All throw {@link java.net.ConnectException} if nobody is bound to the address, or
 * {@link ErrnoException} and the like if the system refuses. Where there is no manager ({@link #isPresent}) they return at
 * once.
 *
 * <p>The manager learns which process sent a message from the kernel, not from this. So a child of the service is seen as
 * itself, and it depends on {@code NotifyAccess=} of {@code systemd.service(5)} whether it is heeded. A manager that looks
 * for the service of a process that has ended meanwhile does not find it: who tells something and then ends calls
 * {@link #barrier} between, as {@code systemd-notify(1)} does.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class NotifySocket {
    /** Null if there is no manager. */
    private final @Nullable UnixAddress address;

    private final Duration sendTimeout;

    private NotifySocket(@Nullable UnixAddress address, Duration sendTimeout) {
        this.address = address;
        this.sendTimeout = sendTimeout;
    }

    /**
     * The manager that the environment of this process names, if it does.
     *
     * <p>Children of this process inherit {@code NOTIFY_SOCKET} and {@code WATCHDOG_USEC}, and can speak for the service if
     * its manager lets them. {@link dev.fdpass.spawn.Spawn#withoutVariable} keeps the variables from one.
     *
     * @return the manager; if {@code NOTIFY_SOCKET} is not set, one that is not {@linkplain #isPresent present}: nobody
     *     wants to know
     * @throws IllegalStateException if it is neither an absolute pathname nor {@code @} and an abstract name
     * @throws UnsupportedOperationException if it is an address of a virtual machine's host ({@code vsock:})
     */
    public static NotifySocket fromEnvironment() {
        String value = System.getenv(NotifyAddress.VARIABLE);
        return new NotifySocket(value == null ? null : NotifyAddress.parse(value), Duration.ZERO);
    }

    /**
     * A manager by its address.
     *
     * @param address a {@link UnixAddress} or {@link java.net.UnixDomainSocketAddress}, not unnamed
     * @return the manager, whether anybody is there or not
     */
    public static NotifySocket of(SocketAddress address) {
        UnixAddress unix = UnixAddress.of(address);
        if (unix.isUnnamed()) {
            throw new IllegalArgumentException("the address is unnamed; give that of the manager's socket");
        }
        return new NotifySocket(unix, Duration.ZERO);
    }

    /**
     * The same manager with a limit for the time that a message may wait for room in its queue. Without one, a manager that
     * hangs makes its services hang at the next sign of life.
     *
     * @param timeout how long at most; zero for as long as it takes, which is how it begins
     * @return the manager
     */
    public NotifySocket withSendTimeout(Duration timeout) {
        return new NotifySocket(address, Timeouts.check(timeout));
    }

    /**
     * Whether there is a manager. If not, all that it is told is checked as it would be otherwise, but for descriptors, and
     * goes nowhere.
     *
     * @return whether {@code NOTIFY_SOCKET} was set, or an address was given
     */
    public boolean isPresent() {
        return address != null;
    }

    /**
     * How long the manager waits for a sign of life, by the environment of this process: {@code sd_watchdog_enabled(3)}.
     * Call {@link #watchdog} twice as often.
     *
     * @return the time; empty if {@code WATCHDOG_USEC} is not set, or meant for another process ({@code WATCHDOG_PID})
     * @throws IllegalStateException if a variable is malformed
     */
    public static Optional<Duration> watchdogInterval() {
        return Watchdog.interval(System.getenv(), ProcessHandle.current().pid());
    }

    // ---- The states

    /**
     * The service has started, or has finished reloading: {@code READY=1}.
     *
     * @throws IOException as for all here
     */
    public void ready() throws IOException {
        send("READY=1");
    }

    /**
     * The service is reloading its configuration: {@code RELOADING=1} with {@code MONOTONIC_USEC}, the time of this call, as
     * {@code Type=notify-reload} wants it. Say {@link #ready} when it is done.
     *
     * @throws IOException as for all here
     */
    public void reloading() throws IOException {
        long micros = KernelErrors.check("clock_gettime", MonotonicClock.micros());
        send("RELOADING=1", "MONOTONIC_USEC=" + micros);
    }

    /**
     * The service is about to end: {@code STOPPING=1}.
     *
     * @throws IOException as for all here
     */
    public void stopping() throws IOException {
        send("STOPPING=1");
    }

    /**
     * What the service is doing, for people: {@code STATUS=}.
     *
     * @param text one line
     * @throws IllegalArgumentException if it contains a line feed or NUL, or is too long (4096 bytes with the name)
     * @throws IOException as for all here
     */
    public void status(String text) throws IOException {
        send(Fields.of("STATUS", text));
    }

    /**
     * Why the service failed: {@code ERRNO=}.
     *
     * @param errno a number of {@code errno(3)}, such as {@link ErrnoException#errno}; 1 or more
     * @throws IOException as for all here
     */
    public void errno(int errno) throws IOException {
        if (errno < 1) {
            throw new IllegalArgumentException("the error number is " + errno + "; it must be 1 or more");
        }
        send("ERRNO=" + errno);
    }

    /**
     * A sign of life: {@code WATCHDOG=1}.
     *
     * @throws IOException as for all here
     */
    public void watchdog() throws IOException {
        send("WATCHDOG=1");
    }

    /**
     * Which process is the service now: {@code MAINPID=}.
     *
     * @param pid its number, 1 or more
     * @throws IOException as for all here
     */
    public void mainPid(long pid) throws IOException {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("process " + pid + "; process numbers are 1 to " + Integer.MAX_VALUE);
        }
        send("MAINPID=" + pid);
    }

    /**
     * Asks for time: that starting, running or stopping takes at least so long from now is no failure.
     * {@code EXTEND_TIMEOUT_USEC=}
     *
     * @param time at least a microsecond
     * @throws IOException as for all here
     */
    public void extendTimeout(Duration time) throws IOException {
        send(Fields.ofMicros("EXTEND_TIMEOUT_USEC", time));
    }

    /**
     * Waits until the manager has got to all that this process sent before: {@code BARRIER=1} with the end of a pipe, which
     * the manager closes then.
     *
     * @param timeout how long at most, in the manager's queue and until the answer together; zero for as long as it takes
     *     (for room in the queue, as long as {@link #withSendTimeout} says)
     * @throws SocketTimeoutException if it has not until then
     * @throws IOException as for all here
     */
    public void barrier(Duration timeout) throws IOException {
        Deadline deadline = new Deadline(timeout);
        if (!isPresent()) {
            return;
        }
        try (FdPipe pipe = FdPipe.open()) {
            send(timeout.isZero() ? sendTimeout : deadline.timeout(), List.of("BARRIER=1"), pipe.writeEnd());
            pipe.writeEnd().close();
            if (!Barrier.await(pipe.readEnd(), deadline)) {
                throw new SocketTimeoutException("the barrier timed out after " + timeout
                        + ": the receiver has not yet got to it, or keeps its descriptor open");
            }
        }
    }

    // ---- The descriptor store

    /**
     * Has the manager keep descriptors, to start the service with them the next time ({@link ListenFds}):
     * {@code FDSTORE=1} with {@code FDNAME=}. It drops one by itself when that hangs up or fails, unless
     * {@link #storeFdsWithoutPolling} was used. More than 253 go in several messages; if one cannot be sent, those before it
     * have gone. The manager says nothing if it takes none ({@code FileDescriptorStoreMax=}).
     *
     * @param name of all of them; see {@link NamedFd#isValidName}
     * @param fds at least one, which are borrowed
     * @throws IllegalArgumentException if the name is not valid, or one is closed
     * @throws IOException as for all here
     */
    public void storeFds(String name, AsFd... fds) throws IOException {
        store(List.of("FDSTORE=1", "FDNAME=" + NamedFd.checkName(name)), fds);
    }

    /**
     * As {@link #storeFds}, and the manager does not look whether they hang up: {@code FDPOLL=0}.
     *
     * @param name of all of them
     * @param fds at least one, which are borrowed
     * @throws IllegalArgumentException as for {@link #storeFds}
     * @throws IOException as for all here
     */
    public void storeFdsWithoutPolling(String name, AsFd... fds) throws IOException {
        store(List.of("FDSTORE=1", "FDNAME=" + NamedFd.checkName(name), "FDPOLL=0"), fds);
    }

    private void store(List<String> assignments, AsFd... fds) throws IOException {
        if (fds.length == 0) {
            throw new IllegalArgumentException("there is no descriptor to store; give at least one");
        }
        for (int begin = 0; begin < fds.length; begin += ScmMessage.SCM_MAX_FDS) {
            send(assignments, Arrays.copyOfRange(fds, begin, Math.min(fds.length, begin + ScmMessage.SCM_MAX_FDS)));
        }
    }

    /**
     * Has the manager drop the descriptors of a name: {@code FDSTOREREMOVE=1}.
     *
     * @param name of those to drop
     * @throws IllegalArgumentException if the name is not valid
     * @throws IOException as for all here
     */
    public void removeFds(String name) throws IOException {
        send("FDSTOREREMOVE=1", "FDNAME=" + NamedFd.checkName(name));
    }

    // ---- Anything

    /**
     * Sends a message of one's own.
     *
     * @param assignments {@code NAME=value} each, in one message
     * @throws IllegalArgumentException as for {@link #send(List, AsFd...)}
     * @throws IOException as for all here
     */
    public void send(String... assignments) throws IOException {
        send(List.of(assignments));
    }

    /**
     * Sends a message of one's own, with descriptors.
     *
     * @param assignments at least one, {@code NAME=value} each, in one message of at most 4096 bytes
     * @param fds 0 to 253, which are borrowed; systemd closes them unless {@code FDSTORE=1} is among the assignments
     * @throws IllegalArgumentException if an assignment is none, contains a line feed or NUL, there are too many bytes or
     *     descriptors, or one is closed; nothing was sent
     * @throws IOException as for all here
     */
    public void send(List<String> assignments, AsFd... fds) throws IOException {
        send(sendTimeout, assignments, fds);
    }

    private void send(Duration timeout, List<String> assignments, AsFd... fds) throws IOException {
        ByteBuffer message = Fields.encode(assignments);
        if (address == null) {
            return;
        }
        try (UnixDatagram socket = UnixDatagram.open()) {
            socket.setSendTimeout(timeout);
            socket.sendTo(address, message, fds);
        } catch (SocketTimeoutException e) {
            SocketTimeoutException full = new SocketTimeoutException(
                    "the queue of the manager at " + address + " is full, and was so until the time was over");
            full.initCause(e);
            throw full;
        }
    }

    /** The address, as {@code "NotifySocket[/run/systemd/notify]"}; {@code "NotifySocket[nobody]"} without a manager. */
    @Override
    public String toString() {
        return "NotifySocket[" + (address == null ? "nobody" : address) + "]";
    }
}
