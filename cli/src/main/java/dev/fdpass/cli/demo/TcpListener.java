package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A listening TCP socket: the sender closes its own and connects, and the peer accepts. */
final class TcpListener implements Exhibit {
    @Override
    public String name() {
        return "listening TCP socket";
    }

    @Override
    @SuppressWarnings("try") // closed early on purpose
    public Proof pass(Peer peer) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
            FdInfo sent;
            try (OwnedFd listener = JdkSockets.duplicateOf(server)) {
                sent = listener.info();
                peer.pass(name(), listener);
            }
            server.close(); // from here on nobody but the peer can accept
            try (SocketChannel client = SocketChannel.open(address)) {
                Report report = peer.report(sent);
                String greeting = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
                NotProvedException.unlessEqual("what the connection brought", report.seen(), greeting);
                return peer.proof(sent, report, "same inode; \"" + greeting + "\" said port " + address.getPort());
            }
        }
    }

    @Override
    public String use(OwnedFd received, Conversation sender) throws IOException {
        String greeting = "accepted by process " + ProcessHandle.current().pid();
        try (OwnedFd connection = ListeningSocket.adopt(received).accept(Conversation.PATIENCE)) {
            connection.write(ByteBuffer.wrap(greeting.getBytes(StandardCharsets.UTF_8)));
        }
        return greeting;
    }
}
