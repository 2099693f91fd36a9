package dev.fdpass.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Serves whoever connects to a listener with a {@link VarlinkService}.
 *
 * <pre>{@code
 * try (var server = VarlinkServer.start("unix:/run/org.example.files", service)) {
 *     server.awaitEnd();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 *
 * <p>Those who connect may be anybody whom the permissions of the socket file let in; {@link VarlinkCall#peer} says who it is.
 */
public final class VarlinkServer implements Closeable {
    private static final System.Logger LOGGER = System.getLogger("dev.fdpass.varlink");

    /** How long to wait when no descriptor can be had for another connection. */
    private static final long PAUSE_NANOS = 50_000_000;

    private final VarlinkService service;
    private final UnixStreamListener listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore room;
    private final Thread accepting;

    private VarlinkServer(UnixStreamListener listener, VarlinkService service) {
        this.service = service;
        this.listener = listener;
        room = new Semaphore(service.maxConnections());
        accepting = Thread.ofVirtual().name("varlink-accept").start(this::accept);
    }

    /**
     * Binds an address and starts a server, which accepts on a virtual thread until it is closed.
     *
     * @param address {@code unix:/path} or {@code unix:@name}, also without {@code unix:}
     * @param service what answers
     * @return the server
     * @throws IllegalArgumentException if it is no such address
     * @throws IOException as for {@link UnixStreamListener#bind(java.net.SocketAddress)}
     */
    public static VarlinkServer start(String address, VarlinkService service) throws IOException {
        Objects.requireNonNull(service, "service");
        return start(UnixStreamListener.bind(Addresses.parse(address)), service);
    }

    /**
     * Starts a server, which accepts on a virtual thread until it is closed.
     *
     * @param listener where to accept connections, such as one that systemd has made. It belongs to the server from now on
     * @param service what answers
     * @return the server
     */
    public static VarlinkServer start(UnixStreamListener listener, VarlinkService service) {
        return new VarlinkServer(
                Objects.requireNonNull(listener, "listener"), Objects.requireNonNull(service, "service"));
    }

    /**
     * The address at which it accepts.
     *
     * @return that of the listener
     * @throws IOException if that is closed
     */
    public UnixAddress localAddress() throws IOException {
        return listener.localAddress();
    }

    /** {@return how many connections there are} */
    public int connections() {
        return connections.size();
    }

    /** {@return whether it accepts connections} */
    public boolean isOpen() {
        return listener.isOpen();
    }

    private void accept() {
        boolean isTold = false;
        while (listener.isOpen()) {
            room.acquireUninterruptibly();
            boolean isTaken = false;
            try {
                isTaken = attend(listener.accept());
                isTold = false;
            } catch (Throwable t) { // without descriptors or memory classes cannot be loaded either; others come later
                if (listener.isOpen()) {
                    isTold = isTold || tell(t);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } finally {
                if (!isTaken) {
                    room.release();
                }
            }
        }
    }

    /** Whether it could be told: a logger may need descriptors, too. */
    private static boolean tell(Throwable reason) {
        try {
            LOGGER.log(System.Logger.Level.WARNING, "connections cannot be accepted for now", reason);
            return true;
        } catch (Throwable t) {
            return false;
        }
    }

    /** Begins to serve a client: whether its connection will give the place back. */
    private boolean attend(UnixStream socket) throws IOException {
        boolean isServed = false;
        try {
            Connection connection = new Connection(service, socket);
            start(connection);
            isServed = listener.isOpen(); // or this was closed meanwhile
        } finally {
            if (!isServed) {
                closeAside(socket);
            }
        }
        return true;
    }

    /** Closing it may wait for descriptors that a stranger has left in it, and others want to be accepted. */
    private static void closeAside(UnixStream socket) {
        socket.asFd().closeAside();
    }

    private void start(Connection connection) {
        connections.add(connection);
        boolean isStarted = false;
        try {
            Thread unused = Thread.ofVirtual().name("varlink").start(() -> serve(connection));
            isStarted = true;
        } finally {
            if (!isStarted) {
                boolean unused = connections.remove(connection);
            }
        }
    }

    private void serve(Connection connection) {
        try {
            connection.serve();
        } catch (ProtocolException e) {
            LOGGER.log(System.Logger.Level.DEBUG, () -> "a client was cut: " + e.getMessage());
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "a connection ended", e);
        } finally {
            boolean unused = connections.remove(connection);
            room.release();
        }
    }

    /**
     * Waits until it is closed, by {@link #close} or since the listener was, and accepts no more. That others closed the
     * listener it finds out when there is room for another connection.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        accepting.join();
    }

    /**
     * Stops listening, closes all connections, and interrupts methods that are running, without waiting until they end. Further
     * calls do nothing.
     */
    @Override
    public void close() throws IOException {
        IOException failure = close(listener, null);
        room.release(); // wakes the accepting thread where it waits for a place
        for (Connection connection : connections) { // one that fails does not leave the others open
            failure = close(connection, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable IOException close(Closeable one, @Nullable IOException before) {
        try {
            one.close();
            return before;
        } catch (IOException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
            return before;
        }
    }

    /** Where it listens, for people. */
    @Override
    public String toString() {
        return "VarlinkServer[" + listener + "]";
    }
}
