package dev.fdpass.bench.threads;

import dev.fdpass.ScmMessage;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/** fdpass through the message door. */
final class FdpassEchoes implements Echoes {
    private final List<SocketPair<UnixStream>> pairs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ScmMessage out = ScmMessage.allocate(1, 0);
    private final ScmMessage in = ScmMessage.allocate(1, 0);

    FdpassEchoes(int count) throws IOException {
        out.payload().put((byte) 1);
        for (int i = 0; i < count; i++) {
            SocketPair<UnixStream> pair = UnixStream.pair();
            pairs.add(pair);
            threads.add(Thread.startVirtualThread(() -> echo(pair.second())));
        }
    }

    private static void echo(UnixStream socket) {
        try (ScmMessage received = ScmMessage.allocate(1, 0);
                ScmMessage sent = ScmMessage.allocate(1, 0)) {
            while (socket.receive(received)) {
                sent.clear();
                sent.payload().put(received.payload());
                socket.send(sent);
            }
        } catch (ClosedChannelException e) {
            // the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void roundTrip(int index) throws IOException {
        UnixStream socket = pairs.get(index).first();
        socket.send(out);
        if (!socket.receive(in) || in.bytes() != 1) {
            throw new IOException("no echo");
        }
    }

    @Override
    public Iterable<Thread> threads() {
        return threads;
    }

    @Override
    public void close() throws IOException {
        for (SocketPair<UnixStream> pair : pairs) {
            pair.close();
        }
        out.close();
        in.close();
    }
}
