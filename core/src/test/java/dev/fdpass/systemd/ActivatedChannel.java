package dev.fdpass.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.JdkSockets;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A service for the JDK's channels that was started with a TCP listener: says to its first client what it found. */
public final class ActivatedChannel {
    private ActivatedChannel() {}

    public static void main(String... arguments) throws Exception {
        try (ListenFds fds = ListenFds.fromEnvironment();
                OwnedFd fd = fds.take("http.socket", Expect.tcp().listening());
                ServerSocketChannel server = JdkSockets.toServerSocketChannel(fd);
                SocketChannel client = server.accept()) {
            String found = "descriptor " + fd.number() + ", open " + fd.isOpen() + ", left " + fds.names()
                    + ", accepted at " + client.getLocalAddress();
            ByteBuffer bytes = ByteBuffer.wrap(found.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
        }
    }
}
