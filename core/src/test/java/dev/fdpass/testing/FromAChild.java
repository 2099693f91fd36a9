package dev.fdpass.testing;

import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a child process sent with {@link SendsFiles}, received when that process is gone. */
public final class FromAChild {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FromAChild() {}

    /** Receives with room for so many descriptors. */
    public static Received receive(SocketType type, int maxFds, String bytes, String... contents)
            throws IOException, InterruptedException {
        UnixAddress unnamed = UnixAddress.unnamed();
        return switch (type) {
            case STREAM -> accepted(type, maxFds, UnixStreamListener.bind(unnamed), bytes, contents);
            case SEQPACKET -> accepted(type, maxFds, UnixSeqpacketListener.bind(unnamed), bytes, contents);
            case DATAGRAM -> {
                try (UnixDatagram socket = UnixDatagram.bind(unnamed)) {
                    runChild(type, socket.localAddress(), bytes, contents);
                    yield receive(socket, maxFds);
                }
            }
        };
    }

    private static Received accepted(
            SocketType type, int maxFds, UnixListener<? extends ScmSocket> bound, String bytes, String... contents)
            throws IOException, InterruptedException {
        try (UnixListener<? extends ScmSocket> listener = bound) {
            runChild(type, listener.localAddress(), bytes, contents);
            try (ScmSocket socket = listener.accept(PATIENCE)) {
                return receive(socket, maxFds);
            }
        }
    }

    private static Received receive(ScmSocket socket, int maxFds) throws IOException {
        socket.setReceiveTimeout(PATIENCE);
        return socket.receive(100, maxFds);
    }

    private static void runChild(SocketType type, UnixAddress address, String bytes, String... contents)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(type.name(), address.toString(), bytes));
        arguments.addAll(List.of(contents));
        List<String> command = JavaProgram.onClassPath(SendsFiles.class, arguments.toArray(String[]::new));
        ChildProcess.run(command).outputOfSuccess();
    }
}
