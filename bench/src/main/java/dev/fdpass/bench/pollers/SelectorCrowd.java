package dev.fdpass.bench.pollers;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** With the JDK's selector and channels. */
final class SelectorCrowd implements Crowd {
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Selector selector;
    private final ByteBuffer out = ByteBuffer.allocateDirect(1);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1);

    SelectorCrowd(int size) throws IOException {
        selector = Selector.open();
        Path folder = Files.createTempDirectory("bench");
        Path file = folder.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(file));
            while (channels.size() < size) {
                add(SocketChannel.open(UnixDomainSocketAddress.of(file)));
                add(listener.accept());
            }
        } catch (Throwable t) {
            close();
            throw t;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private void add(SocketChannel channel) throws IOException {
        channels.add(channel);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, channel);
    }

    @Override
    public void makeReady(int index) throws IOException {
        out.clear();
        Crowd.check(channels.get(index ^ 1).write(out) == 1);
    }

    @Override
    public int await() throws IOException {
        int count = selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
            Crowd.check(key.isReadable());
        }
        selector.selectedKeys().clear();
        return count;
    }

    @Override
    public int awaitAndReceive() throws IOException {
        int count = selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
            in.clear();
            Crowd.check(((SocketChannel) key.attachment()).read(in) == 1);
        }
        selector.selectedKeys().clear();
        return count;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
