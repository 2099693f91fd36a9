package dev.fdpass.systemd;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.FdPipe;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.linux.MonotonicClock;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tells the service manager how this service is doing, and has it keep descriptors: {@code sd_notify(3)}.
 *
 * <pre>{@code
 * Optional<NotifySocket> manager = NotifySocket.fromEnvironment();
 * if (manager.isPresent()) {
 *     manager.get().ready();
 * }
 * }</pre>
 *
 * <p>Nothing needs closing: each message goes through a socket of its own, which is open only so long, as systemd's library
 * does it. So an interrupt ends no more than the one call ({@link java.nio.channels.ClosedByInterruptException}).
 *
 * <p>A call returns when the message is on its way; {@link #barrier} waits until the manager has got to it. It waits while
 * the manager's queue is full. All throw {@link java.net.ConnectException} if nobody is bound to the address, or
 * {@link ErrnoException} and the like if the system refuses.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class NotifySocket {
    /** The most descriptors of one message: the kernel's limit. */
    private static final int MOST_FDS = 253;

    private final UnixAddress address;

    private NotifySocket(UnixAddress address) {
        this.address = address;
    }

    /**
     * The manager that the environment of this process names.
     *
     * @return the manager; empty if {@code NOTIFY_SOCKET} is not set: nobody wants to know
     * @throws IllegalStateException if it is neither an absolute pathname nor {@code @} and an abstract name
     * @throws UnsupportedOperationException if it is an address of a virtual machine's host ({@code vsock:})
     */
    public static Optional<NotifySocket> fromEnvironment() {
        return Optional.ofNullable(System.getenv(NotifyAddress.VARIABLE))
                .map(NotifyAddress::parse)
                .map(NotifySocket::new);
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
        return new NotifySocket(unix);
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
        long micros = MonotonicClock.micros();
        if (micros < 0) {
            throw new ErrnoException("clock_gettime", (int) -micros);
        }
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
        send("EXTEND_TIMEOUT_USEC=" + Barrier.micros(time));
    }

    /**
     * Waits until the manager has got to all that this process sent before: {@code BARRIER=1} with the end of a pipe, which
     * the manager closes then.
     *
     * @param timeout how long to wait for that at most; zero for as long as it takes
     * @throws java.net.SocketTimeoutException if it has not until then
     * @throws IOException as for all here
     */
    public void barrier(Duration timeout) throws IOException {
        Barrier.check(timeout);
        try (FdPipe pipe = FdPipe.open()) {
            send(List.of("BARRIER=1"), pipe.writeEnd());
            pipe.writeEnd().close();
            Barrier.await(pipe.readEnd(), timeout);
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
        for (int begin = 0; begin < fds.length; begin += MOST_FDS) {
            send(assignments, Arrays.copyOfRange(fds, begin, Math.min(fds.length, begin + MOST_FDS)));
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
        ByteBuffer message = Fields.encode(assignments);
        try (UnixDatagram socket = UnixDatagram.open()) {
            socket.sendTo(address, message, fds);
        }
    }

    /** The address, as {@code "NotifySocket[/run/systemd/notify]"}. */
    @Override
    public String toString() {
        return "NotifySocket[" + address + "]";
    }
}
