package dev.fdpass.examples.sharedring.run;

import dev.fdpass.ScmMessage;
import dev.fdpass.UnixStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A stream socket: the bytes of one message after the other, and nothing that says where one ends, which both know. */
final class SocketLane implements Lane {
    private final UnixStream socket;
    private final ScmMessage out = ScmMessage.allocate(0, 0);
    private final ScmMessage in = ScmMessage.allocate(0, 0);
    private final MemorySegment received = Arena.ofAuto().allocate(Payload.MOST_BYTES, Long.BYTES);

    private SocketLane(UnixStream socket) {
        this.socket = socket;
    }

    /** Uses a socket, which belongs to the lane from now on. */
    static SocketLane over(UnixStream socket, Duration spin, Duration patience) {
        socket.setReceiveSpin(spin);
        socket.setReceiveTimeout(patience);
        socket.setSendTimeout(patience);
        return new SocketLane(socket);
    }

    @Override
    public void send(MemorySegment message) throws IOException {
        out.clear();
        out.addBuffer(message);
        socket.send(out);
    }

    @Override
    public MemorySegment receive(int size) throws IOException {
        for (int count = 0; count < size; count += in.bytes()) {
            in.clear();
            in.addBuffer(received.asSlice(count, size - count));
            if (!socket.receive(in)) {
                throw new EOFException(
                        "the other process has closed its socket after " + count + " bytes of a message");
            }
        }
        return received.asSlice(0, size);
    }

    @Override
    public void close() throws IOException {
        try (in;
                out) {
            socket.close();
        }
    }
}
