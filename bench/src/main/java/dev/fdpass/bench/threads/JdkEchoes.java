package dev.fdpass.bench.threads;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's {@link SocketChannel}s, of the same family. */
final class JdkEchoes implements Echoes {
    private final List<SocketChannel> near = new ArrayList<>();
    private final List<SocketChannel> far = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ByteBuffer out = ByteBuffer.allocateDirect(1);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1);

    JdkEchoes(int count) throws IOException {
        Path folder = Files.createTempDirectory("bench");
        Path file = folder.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(file));
            for (int i = 0; i < count; i++) {
                near.add(SocketChannel.open(UnixDomainSocketAddress.of(file)));
                SocketChannel channel = listener.accept();
                far.add(channel);
                threads.add(Thread.startVirtualThread(() -> echo(channel)));
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void echo(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1);
        try {
            while (channel.read(buffer.clear()) > 0) {
                channel.write(buffer.flip());
            }
        } catch (ClosedChannelException e) {
            // the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void roundTrip(int index) throws IOException {
        SocketChannel channel = near.get(index);
        if (channel.write(out.clear()) != 1 || channel.read(in.clear()) != 1) {
            throw new IOException("no echo");
        }
    }

    @Override
    public Iterable<Thread> threads() {
        return threads;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : near) {
            channel.close();
        }
        for (SocketChannel channel : far) {
            channel.close();
        }
    }
}
