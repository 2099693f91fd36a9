package dev.fdpass.bench.pollers;

import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import dev.fdpass.ScmMessage;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** With this library's poller. */
final class PollerCrowd implements Crowd {
    private final List<UnixStream> sockets = new ArrayList<>();
    private final Poller<UnixStream> poller;
    private final ScmMessage out = ScmMessage.allocate(1, 0);
    private final ScmMessage in = ScmMessage.allocate(1, 0);

    PollerCrowd(int size) throws IOException {
        poller = Poller.open();
        out.payload().put((byte) 1);
        try {
            while (sockets.size() < size) {
                SocketPair<UnixStream> pair = UnixStream.pair();
                sockets.add(pair.first());
                sockets.add(pair.second());
                poller.register(pair.first(), Interest.READ, pair.first());
                poller.register(pair.second(), Interest.READ, pair.second());
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    @Override
    public void makeReady(int index) throws IOException {
        sockets.get(index ^ 1).send(out);
    }

    @Override
    public int await() throws IOException {
        int count = poller.await();
        for (int i = 0; i < count; i++) {
            Crowd.check(poller.ready(i).isReadable());
        }
        return count;
    }

    @Override
    public int awaitAndReceive() throws IOException {
        int count = poller.await();
        for (int i = 0; i < count; i++) {
            Registration<UnixStream> ready = poller.ready(i);
            Crowd.check(ready.attachment().tryReceive(in) == TryResult.DONE && in.bytes() == 1);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        poller.close();
        in.close();
        out.close();
        for (UnixStream socket : sockets) {
            socket.close();
        }
    }
}
