package dev.fdpass.jdk;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the JDK's channels, where {@code java.base} opens its package {@code sun.nio.ch} to this module and they
 * are those of JDK 25.
 */
final class SocketInternals {
    static final String PACKAGE = "sun.nio.ch";

    private static final Optional<SocketInternals> OPENED = look();

    private final Method getFDVal;
    private final Fields socketChannel;
    private final Fields serverSocketChannel;
    private final Fields datagramChannel;

    /** Of one class. */
    private record Fields(
            Field lock,
            Field local,
            @Nullable Field remote,
            @Nullable Field initialLocal,
            @Nullable Field state,
            int connected) {

        void set(Object channel, @Nullable SocketAddress localAddress, @Nullable SocketAddress remoteAddress) {
            try {
                synchronized (lock.get(channel)) {
                    local.set(channel, localAddress);
                    if (remoteAddress != null && remote != null && state != null) {
                        remote.set(channel, remoteAddress);
                        state.setInt(channel, connected);
                        if (initialLocal != null) {
                            initialLocal.set(channel, localAddress);
                        }
                    }
                }
            } catch (IllegalAccessException e) {
                throw new AssertionError(e); // they were made accessible
            }
        }
    }

    private SocketInternals() throws ReflectiveOperationException {
        getFDVal = Class.forName(PACKAGE + ".SelChImpl").getMethod("getFDVal");
        getFDVal.setAccessible(true);
        socketChannel = connectable("SocketChannelImpl", null);
        datagramChannel = connectable("DatagramChannelImpl", "initialLocalAddress");
        Class<?> server = Class.forName(PACKAGE + ".ServerSocketChannelImpl");
        serverSocketChannel =
                new Fields(field(server, "stateLock"), field(server, "localAddress"), null, null, null, 0);
    }

    private static Fields connectable(String name, @Nullable String initialLocal) throws ReflectiveOperationException {
        Class<?> type = Class.forName(PACKAGE + "." + name);
        return new Fields(
                field(type, "stateLock"),
                field(type, "localAddress"),
                field(type, "remoteAddress"),
                initialLocal == null ? null : field(type, initialLocal),
                field(type, "state"),
                field(type, "ST_CONNECTED").getInt(null));
    }

    private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static Optional<SocketInternals> look() {
        if (!Object.class.getModule().isOpen(PACKAGE, SocketInternals.class.getModule())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SocketInternals());
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty(); // another JDK: what needs no flag still works
        }
    }

    /** Empty without the flag. */
    static Optional<SocketInternals> opened() {
        return OPENED;
    }

    /** The number of a channel of the JDK. */
    int number(Channel channel) {
        try {
            return (int) getFDVal.invoke(channel);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    void connected(SocketChannel channel, SocketAddress local, SocketAddress remote) {
        socketChannel.set(channel, local, remote);
    }

    void bound(ServerSocketChannel channel, SocketAddress local) {
        serverSocketChannel.set(channel, local, null);
    }

    /** Bound, perhaps connected, or neither. */
    void datagram(DatagramChannel channel, @Nullable SocketAddress local, @Nullable SocketAddress remote) {
        datagramChannel.set(channel, local, remote);
    }
}
