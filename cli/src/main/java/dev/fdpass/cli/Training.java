package dev.fdpass.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * {@code fdpass train}: sends to itself, so that a Java machine that records what a start needs
 * ({@code -XX:AOTCacheOutput}) sees it. Leaves nothing behind. With {@code send}, only what the plainest send needs: a
 * cache with more in it takes longer to load.
 */
final class Training {
    private static final int PATIENCE_MILLIS = 10_000;

    /** The flags of a socket that listens, in {@code /proc/net/unix}. */
    private static final String LISTENING = " 00010000 ";

    private Training() {}

    /** Whether that is what is asked for; nobody needs to know, so it is in no help. */
    static boolean isAskedFor(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals("train");
    }

    static void run(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 1 && arguments[1].equals("send")) {
            sendOnly();
        } else {
            for (SocketType type : SocketType.values()) {
                sendAndReceive(type, "--max-fds=1");
            }
            sendAndReceive(SocketType.STREAM, "--json");
        }
    }

    /** Without picocli on either side. */
    private static void sendOnly() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            send(listener.localAddress().toString(), SocketType.STREAM);
            try (UnixStream connection = listener.accept(Duration.ofMillis(PATIENCE_MILLIS));
                    Received received = connection.receive(1, 2)) {
                if (received.fdCount() != 2) {
                    throw new IOException(received.fdCount() + " descriptors arrived, not 2");
                }
            }
        }
    }

    private static void sendAndReceive(SocketType type, String option) throws IOException, InterruptedException {
        String address = "@fdpass-train-" + ProcessHandle.current().pid() + "-" + type + option;
        Thread receiver = Thread.ofPlatform().start(() -> Main.execute("receive", address, "--type=" + type, option));
        awaitReceiver(address, type);
        send(address, type);
        receiver.join(PATIENCE_MILLIS);
    }

    private static void send(String address, SocketType type) throws IOException {
        int status = Main.execute("send", address, "/dev/null", "/proc/self/stat", "--type=" + type, "--timeout=10s");
        if (status != 0) {
            throw new IOException("sending to itself ended with status " + status);
        }
    }

    /** A listener is bound a moment before it listens. */
    private static void awaitReceiver(String address, SocketType type) throws IOException, InterruptedException {
        String flags = type == SocketType.DATAGRAM ? " " : LISTENING;
        for (int waited = 0; !isThere(address, flags); waited++) {
            if (waited > PATIENCE_MILLIS) {
                throw new IOException("nobody receives at " + address);
            }
            Thread.sleep(1);
        }
    }

    private static boolean isThere(String address, String flags) throws IOException {
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"), ISO_8859_1)) {
            return sockets.anyMatch(socket -> socket.endsWith(address) && socket.contains(flags));
        }
    }
}
