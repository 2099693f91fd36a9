package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.EventFd;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.jdk.JdkSockets;
import dev.fdpass.systemd.ListenFds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A service that the service manager started with a socket in its place, as {@code sd_listen_fds(3)} describes. It
 * serves one client: adds 1 to the eventfd that the client sends, and says what it found.
 */
public final class ServesActivated {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ServesActivated() {}

    public static void main(String... arguments) throws IOException {
        boolean inheritable = isInheritable();
        try (ListenFds fds = ListenFds.fromEnvironment()) {
            String found = fds.names() + ", inheritable before " + inheritable + " and after " + isInheritable();
            try (OwnedFd fd = fds.take("door")) {
                serve(arguments[0], fd, found);
            }
        }
    }

    private static void serve(String type, OwnedFd fd, String found) throws IOException {
        switch (type) {
            case "STREAM" -> serveConnection(UnixStreamListener.adopt(fd), found);
            case "SEQPACKET" -> serveConnection(UnixSeqpacketListener.adopt(fd), found);
            case "DATAGRAM" -> {
                try (UnixDatagram datagram = UnixDatagram.adopt(fd)) {
                    serve(datagram, found);
                }
            }
            case "CHANNEL" -> {
                try (ServerSocketChannel listener = JdkSockets.toServerSocketChannel(fd);
                        SocketChannel connection = listener.accept()) {
                    connection.write(ByteBuffer.wrap(found.getBytes(UTF_8)));
                }
            }
            default -> {
                try (ListeningSocket listener = ListeningSocket.adopt(fd);
                        OwnedFd connection = listener.accept(PATIENCE)) {
                    connection.write(ByteBuffer.wrap(found.getBytes(UTF_8)));
                }
            }
        }
    }

    /** The first of those that were given. */
    private static boolean isInheritable() throws IOException {
        return (OpenFiles.flags(3) & OpenFiles.CLOSE_ON_EXEC) == 0;
    }

    private static void serveConnection(UnixListener<? extends ScmSocket> listener, String found) throws IOException {
        try (listener;
                ScmSocket socket = listener.accept(PATIENCE)) {
            serve(socket, found);
        }
    }

    private static void serve(ScmSocket socket, String found) throws IOException {
        socket.setReceiveTimeout(PATIENCE);
        try (Received received = socket.receive(100, 1);
                EventFd bell = EventFd.adopt(received.takeFd(0))) {
            if (socket instanceof UnixDatagram datagram) {
                datagram.connect(received.sender());
            }
            socket.send(ByteBuffer.wrap(found.getBytes(UTF_8)));
            bell.write(1);
        }
    }
}
