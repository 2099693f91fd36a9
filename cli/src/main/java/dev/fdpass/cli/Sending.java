package dev.fdpass.cli;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fdpass send} is to do.
 *
 * @param address where to
 * @param files what, as {@link FileArgument} understands it
 * @param type the type of socket
 * @param text what to send along, or null
 * @param dataFile the file whose content to send along, or null
 * @param listen whether to wait at the address for the receiver
 * @param timeout when to give up, or null
 */
record Sending(
        UnixAddress address,
        List<String> files,
        SocketType type,
        @Nullable String text,
        @Nullable Path dataFile,
        boolean listen,
        @Nullable Duration timeout) {

    /** What is wrong with it, or null. */
    @Nullable
    String problem() {
        @Nullable String wrong = FileArgument.problem(files);
        if (wrong != null) {
            return wrong;
        }
        if (text != null && dataFile != null) {
            return "--data and --data-file exclude each other; give one of them";
        }
        if (text != null && text.isEmpty() && type == SocketType.STREAM) {
            return "a stream cannot carry files without data; give at least a byte, or use --type seqpacket";
        }
        if (listen && type == SocketType.DATAGRAM) {
            return "--listen needs a connection, and datagrams have none; use --type seqpacket, or let the receiver"
                    + " wait";
        }
        return null;
    }

    void run() throws IOException {
        Deadline deadline = Deadline.in(timeout);
        List<OwnedFd> fds = new ArrayList<>(files.size());
        try (Closing _ = new Closing(fds)) {
            ByteBuffer data = ByteBuffer.wrap(data());
            FileArgument.openAll(files, fds);
            if (type == SocketType.DATAGRAM) {
                sendDatagram(data, fds.toArray(new AsFd[0]), deadline);
            } else {
                send(data, fds.toArray(new AsFd[0]), deadline);
            }
        }
    }

    private byte[] data() throws IOException {
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (dataFile == null) {
            return new byte[type == SocketType.STREAM ? 1 : 0];
        }
        byte[] data = FileArgument.content(dataFile);
        if (data.length == 0 && type == SocketType.STREAM) {
            throw new IllegalArgumentException(dataFile + " is empty, and a stream cannot carry files without data");
        }
        return data;
    }

    private void sendDatagram(ByteBuffer data, AsFd[] fds, Deadline deadline) throws IOException {
        try (UnixDatagram socket = UnixDatagram.open()) {
            deadline.onceSomebodyListens(address, "the receiver to make room", left -> {
                socket.setSendTimeout(left);
                return socket.sendTo(address, data, fds);
            });
        }
    }

    private void send(ByteBuffer data, AsFd[] fds, Deadline deadline) throws IOException {
        try (ScmSocket socket =
                listen ? Endpoint.accept(type, address, deadline) : Endpoint.connect(type, address, deadline)) {
            deadline.once("the receiver to make room", left -> {
                socket.setSendTimeout(left);
                return socket.send(data, fds);
            });
        }
    }
}
