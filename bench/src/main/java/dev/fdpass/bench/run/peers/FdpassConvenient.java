package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.Work;
import java.io.IOException;
import java.nio.ByteBuffer;

/** fdpass through the convenient door: buffers, and a {@link Received} to close. */
public final class FdpassConvenient implements Contender {
    @Override
    public String name() {
        return "fdpass-convenient";
    }

    @Override
    public Lane open(Work work, SentFds sent) throws IOException {
        return new EndsLane(work, new Convenient(work, sent));
    }

    private static final class Convenient implements Ends {
        private final Work work;
        private final SocketPair<? extends ScmSocket> pair;
        private final ScmSocket near;
        private final ScmSocket far;
        private final OwnedFd[] fds;
        private final ByteBuffer[] out;
        private final ByteBuffer[] in;
        private final ByteBuffer[] back;
        private final ByteBuffer[] backIn;

        Convenient(Work work, SentFds sent) throws IOException {
            this.work = work;
            pair = SocketTypes.pair(work.kind());
            near = pair.first();
            far = pair.second();
            fds = sent.owned();
            out = Buffers.direct(work);
            in = Buffers.direct(work);
            back = Buffers.direct(work);
            backIn = Buffers.direct(work);
        }

        @Override
        public void send() throws IOException {
            send(near, out);
        }

        @Override
        public void receive() throws IOException {
            receive(far, in);
        }

        @Override
        public void sendBack() throws IOException {
            send(far, back);
        }

        @Override
        public void receiveBack() throws IOException {
            receive(near, backIn);
        }

        private void send(ScmSocket socket, ByteBuffer[] buffers) throws IOException {
            Buffers.clear(buffers);
            socket.send(buffers, fds);
        }

        private void receive(ScmSocket socket, ByteBuffer[] buffers) throws IOException {
            Buffers.clear(buffers);
            try (Received received = socket.receive(buffers, work.fds())) {
                Ends.check(work, received.bytes(), received.fdCount());
            }
        }

        @Override
        public void stop() throws IOException {
            pair.close(); // which wakes whoever waits
        }

        @Override
        public void close() throws IOException {
            pair.close();
        }
    }
}
