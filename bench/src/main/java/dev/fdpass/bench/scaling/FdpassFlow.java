package dev.fdpass.bench.scaling;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * fdpass through the message door, on one thread: it sends what goes, receives what is there, and so on until the whole
 * message has come. What a message brought is closed by the next receive.
 */
final class FdpassFlow implements Lane {
    private final SocketPair<UnixStream> pair;
    private final UnixStream near;
    private final UnixStream far;
    private final ScmMessage out;
    private final ScmMessage in;
    private final int bytes;
    private final int fds;

    FdpassFlow(int bytes, int buffers, int fds, SentFds sent) throws IOException {
        this.bytes = bytes;
        this.fds = fds;
        pair = UnixStream.pair();
        near = pair.first();
        far = pair.second();
        out = message(bytes, buffers, fds);
        in = message(bytes, buffers, fds);
        if (buffers == 1) {
            out.payload().put(new byte[bytes]);
        }
        OwnedFd[] owned = sent.owned();
        for (int i = 0; i < fds; i++) {
            out.addFd(owned[i]);
        }
    }

    private static ScmMessage message(int bytes, int buffers, int fds) {
        if (buffers == 1) {
            return ScmMessage.allocate(bytes, fds);
        }
        ScmMessage message = ScmMessage.allocate(0, fds);
        MemorySegment memory = Arena.ofAuto().allocate(bytes);
        int size = bytes / buffers;
        for (int i = 0; i < buffers; i++) {
            message.addBuffer(memory.asSlice((long) i * size, size));
        }
        return message;
    }

    @Override
    public End near() {
        return this::run;
    }

    private void run(int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            pass();
        }
    }

    private void pass() throws IOException {
        boolean isSent = near.trySend(out);
        long receivedBytes = 0;
        int receivedFds = 0;
        while (true) {
            if (!far.receive(in)) {
                throw new IOException("the end of the stream");
            }
            receivedBytes += in.bytes();
            receivedFds += in.fdCount();
            if (receivedBytes >= bytes) {
                break;
            }
            if (!isSent) {
                isSent = near.trySend(out);
            }
        }
        if (!isSent || receivedBytes != bytes || receivedFds != fds) {
            throw new IOException(receivedBytes + " bytes and " + receivedFds + " descriptors came");
        }
    }

    @Override
    public @Nullable End far() {
        return null;
    }

    @Override
    public void stop() throws IOException {
        pair.close();
    }

    @Override
    public void close() throws IOException {
        pair.close();
        out.close();
        in.close();
    }
}
