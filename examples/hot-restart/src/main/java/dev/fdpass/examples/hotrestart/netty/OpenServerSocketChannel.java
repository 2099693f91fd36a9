package dev.fdpass.examples.hotrestart.netty;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A listener of Netty whose connections let their channels of the JDK be seen. */
final class OpenServerSocketChannel extends NioServerSocketChannel {
    OpenServerSocketChannel(ServerSocketChannel channel) {
        super(channel);
    }

    @Override
    protected int doReadMessages(List<Object> messages) throws IOException {
        SocketChannel accepted = javaChannel().accept();
        if (accepted == null) {
            return 0;
        }
        messages.add(new OpenSocketChannel(this, accepted));
        return 1;
    }
}
