package dev.fdpass.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A service that is being offered at an address. Safe for use by several threads.
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
    private final Thread accepting;

    VarlinkServer(VarlinkService service, UnixStreamListener listener) {
        this.service = service;
        this.listener = listener;
        accepting = Thread.ofVirtual().name("varlink-accept").start(this::accept);
    }

    /**
     * Where it listens.
     *
     * @return the address that clients connect to
     * @throws IOException if it is closed
     */
    public UnixAddress address() throws IOException {
        return listener.localAddress();
    }

    /** {@return how many connections there are} */
    public int connections() {
        return connections.size();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                attend(listener.accept());
            } catch (IOException e) {
                if (listener.isOpen()) {
                    LOGGER.log(System.Logger.Level.WARNING, "no connection could be accepted", e);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private void attend(UnixStream socket) throws IOException {
        if (connections.size() >= service.maxConnections()) {
            socket.close();
            return;
        }
        boolean isServed = false;
        try {
            Connection connection = new Connection(service, socket);
            connections.add(connection);
            Thread unused = Thread.ofVirtual().name("varlink").start(() -> serve(connection));
            isServed = listener.isOpen(); // or this was closed meanwhile
        } finally {
            if (!isServed) {
                socket.close();
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
        }
    }

    /**
     * Waits until the server is closed.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void join() throws InterruptedException {
        accepting.join();
    }

    /**
     * Stops listening, closes all connections, and interrupts methods that are running, without waiting until they end. Further
     * calls do nothing.
     */
    @Override
    public void close() throws IOException {
        try {
            listener.close();
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** Where it listens, for people. */
    @Override
    public String toString() {
        return "VarlinkServer[" + listener + "]";
    }
}
