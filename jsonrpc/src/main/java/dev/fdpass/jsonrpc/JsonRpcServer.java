package dev.fdpass.jsonrpc;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Serves whoever connects to a listener, each on a {@link JsonRpcConnection} of its own, so that none delays another.
 *
 * <pre>{@code
 * try (var server = JsonRpcServer.start(UnixStreamListener.bind(address), methods)) {
 *     server.awaitEnd();
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class JsonRpcServer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final UnixStreamListener listener;
    private final Methods methods;
    private final JsonRpcOptions options;
    private final Semaphore room;
    private final Set<JsonRpcConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean isClosed;

    private JsonRpcServer(UnixStreamListener listener, Methods methods, JsonRpcOptions options) {
        this.listener = listener;
        this.methods = methods;
        this.options = options;
        room = new Semaphore(options.maxConnections());
        acceptor = Thread.ofVirtual().name("fdpass-jsonrpc-server").unstarted(this::acceptAll);
    }

    /**
     * Starts a server with {@linkplain JsonRpcOptions#DEFAULT usual limits}.
     *
     * @param listener where to accept connections. It belongs to the server from now on
     * @param methods what peers may call
     * @return the server
     */
    public static JsonRpcServer start(UnixStreamListener listener, Methods methods) {
        return start(listener, methods, JsonRpcOptions.DEFAULT);
    }

    /**
     * Starts a server, which accepts on a virtual thread.
     *
     * @param listener as for {@link #start(UnixStreamListener, Methods)}
     * @param methods what peers may call
     * @param options what they may do, and how many there may be
     * @return the server
     */
    public static JsonRpcServer start(UnixStreamListener listener, Methods methods, JsonRpcOptions options) {
        JsonRpcServer server = new JsonRpcServer(
                Objects.requireNonNull(listener, "listener"),
                Objects.requireNonNull(methods, "methods"),
                Objects.requireNonNull(options, "options"));
        server.acceptor.start();
        return server;
    }

    private void acceptAll() {
        boolean isTold = false;
        while (!isClosed) {
            room.acquireUninterruptibly();
            boolean isTaken = false;
            try {
                if (!isClosed) {
                    isTaken = serve(listener.accept());
                }
                isTold = false;
            } catch (Throwable t) { // without descriptors or memory classes cannot be loaded either; others come later
                if (!listener.isOpen()) {
                    break;
                }
                isTold = isTold || tell(t); // once until it works again
                LockSupport.parkNanos(PAUSE.toNanos()); // no descriptors, no memory: not to be asked again at once
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
            CallHandler.LOGGER.log(System.Logger.Level.WARNING, "a connection cannot be accepted", reason);
            return true;
        } catch (Throwable t) {
            return false;
        }
    }

    /** Begins to serve a peer: whether its connection will release the place. */
    private boolean serve(UnixStream socket) throws IOException {
        Place place = new Place();
        JsonRpcConnection connection = null;
        try {
            connection = JsonRpcConnection.over(socket, methods, options, place::leave);
        } finally {
            if (connection == null) {
                socket.asFd().closeAside();
            }
        }
        try {
            place.take(connection);
        } catch (OutOfMemoryError e) {
            connection.closeQuietly(); // and its end gives the place back
        }
        return true;
    }

    /** One of the places for connections. A connection may have ended before it is known here. */
    private final class Place {
        private boolean isLeft;
        private @Nullable JsonRpcConnection connection;

        synchronized void take(JsonRpcConnection connection) {
            if (isLeft) {
                return;
            }
            this.connection = connection;
            connections.add(connection);
            if (isClosed) {
                connection.closeQuietly();
            }
        }

        synchronized void leave() {
            isLeft = true;
            if (connection != null) {
                connections.remove(connection);
            }
            room.release();
        }
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

    /** {@return connections that there are at this moment; one of which handlers still run counts} */
    public int connections() {
        return connections.size();
    }

    /** {@return whether it accepts connections} */
    public boolean isOpen() {
        return !isClosed && listener.isOpen();
    }

    /** Closes the listener and all connections. Handlers that run go on, but cannot answer any more. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        try {
            listener.close();
        } finally {
            room.release(); // wakes the accepting thread where it waits for a place
            for (JsonRpcConnection connection : connections) {
                connection.closeQuietly();
            }
        }
    }

    /**
     * Waits until it is closed, by {@link #close} or since the listener was, and accepts no more. That others closed the
     * listener it finds out when there is room for another connection.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void awaitEnd() throws InterruptedException {
        acceptor.join();
    }

    /** The listener and the number of connections, for people. */
    @Override
    public String toString() {
        return "JsonRpcServer[" + listener + ", " + connections() + " connections]";
    }
}
