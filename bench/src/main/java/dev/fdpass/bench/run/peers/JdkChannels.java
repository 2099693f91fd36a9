package dev.fdpass.bench.run.peers;

import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.Work;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The JDK's own channels. They carry no descriptors, and are streams: 64 bytes at a time where others send packets. */
public final class JdkChannels implements Contender {
    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public @Nullable Lane open(Work work, SentFds sent) throws IOException {
        return work.fds() == 0 ? new EndsLane(work, new Channels(work)) : null;
    }

    private static final class Channels implements Ends {
        private final Work work;
        private final SocketChannel near;
        private final SocketChannel far;
        private final ByteBuffer out;
        private final ByteBuffer in;

        Channels(Work work) throws IOException {
            this.work = work;
            out = ByteBuffer.allocateDirect(work.bytes());
            in = ByteBuffer.allocateDirect(work.bytes());
            Path folder = Files.createTempDirectory("bench");
            Path file = folder.resolve("socket");
            try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(file));
                near = SocketChannel.open(UnixDomainSocketAddress.of(file));
                far = listener.accept();
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        }

        @Override
        public void send() throws IOException {
            out.clear();
            if (near.write(out) != work.bytes()) {
                throw new IOException("sent in parts");
            }
        }

        @Override
        public void receive() throws IOException {
            in.clear();
            Ends.check(work, far.read(in), 0);
        }

        @Override
        public void stop() throws IOException {
            near.close(); // which wakes whoever waits at it; the other end meets the end of the stream
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }
}
