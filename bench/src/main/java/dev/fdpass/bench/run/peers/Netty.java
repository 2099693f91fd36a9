package dev.fdpass.bench.run.peers;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.Work;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Netty's native sockets, without its event loop. One of its messages carries 1 byte and 1 descriptor, or bytes. */
public final class Netty implements Contender {
    @Override
    public String name() {
        return "netty";
    }

    @Override
    public @Nullable Lane open(Work work, SentFds sent) throws IOException, UnavailableException {
        if (!Epoll.isAvailable()) { // which also loads what the sockets need
            throw new UnavailableException("Netty's native library: " + Epoll.unavailabilityCause());
        }
        boolean possible = work.fds() == 0 || work.bytes() == 1;
        return possible ? new EndsLane(work, new Sockets(work, sent)) : null;
    }

    private static final class Sockets implements Ends {
        private final Work work;
        private final Socket near;
        private final Socket far;
        private final int[] numbers;
        private final ByteBuffer out;
        private final ByteBuffer in;

        Sockets(Work work, SentFds sent) throws IOException {
            this.work = work;
            SocketPair<? extends ScmSocket> pair = SocketTypes.pair(work.kind());
            near = new Socket(pair.first().asFd().detach());
            far = new Socket(pair.second().asFd().detach());
            numbers = sent.numbers();
            out = ByteBuffer.allocateDirect(work.bytes());
            in = ByteBuffer.allocateDirect(work.bytes());
        }

        @Override
        public void send() throws IOException {
            if (numbers.length == 0) {
                near.write(out, 0, work.bytes());
            } else {
                send(near);
            }
        }

        @Override
        public void receive() throws IOException {
            if (numbers.length == 0) {
                Ends.check(work, far.read(in, 0, work.bytes()), 0);
            } else {
                receive(far);
            }
        }

        @Override
        public void sendBack() throws IOException {
            send(far);
        }

        @Override
        public void receiveBack() throws IOException {
            receive(near);
        }

        private void send(Socket socket) throws IOException {
            for (int number : numbers) {
                if (socket.sendFd(number) < 0) {
                    throw new IOException("not sent");
                }
            }
        }

        private void receive(Socket socket) throws IOException {
            for (int i = 0; i < numbers.length; i++) {
                int number = socket.recvFd();
                if (number <= 0) {
                    throw new IOException("not received: " + number);
                }
                new FileDescriptor(number).close();
            }
        }

        @Override
        public void stop() throws IOException {
            near.shutdown();
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }
}
