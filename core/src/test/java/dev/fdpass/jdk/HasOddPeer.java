package dev.fdpass.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.Sockets;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** A program that makes a channel of a connection whose peer has bytes in its name that are no characters. */
final class HasOddPeer {
    private HasOddPeer() {}

    public static void main(String... arguments) throws Exception {
        byte[] path = arguments[0].getBytes(US_ASCII);
        byte[] name = Arrays.copyOf(path, path.length + 2);
        name[path.length] = (byte) 0xff;
        name[path.length + 1] = (byte) 0xe9;
        try (OwnedFd listener = socket();
                OwnedFd client = socket()) {
            KernelErrors.check("bind", Sockets.bind(listener.number(), name));
            KernelErrors.check("listen", Sockets.listen(listener.number(), 1));
            KernelErrors.check("connect", Sockets.connect(client.number(), name));
            var remote =
                    (UnixDomainSocketAddress) JdkSockets.remoteAddress(client).orElseThrow();
            try (SocketChannel channel = JdkSockets.toSocketChannel(client);
                    OwnedFd accepted = Kernel.own(KernelErrors.check("accept4", Sockets.accept(listener.number())))) {
                try (SocketChannel peer = JdkSockets.toSocketChannel(accepted)) {
                    peer.write(Proofs.bytes("hello"));
                }
                System.out.println("remote \"" + remote.getPath() + "\", read " + channel.read(ByteBuffer.allocate(9)));
            }
        }
    }

    private static OwnedFd socket() throws Exception {
        return Kernel.own(KernelErrors.check("socket", Sockets.socket(SocketConstants.SOCK_STREAM)));
    }
}
