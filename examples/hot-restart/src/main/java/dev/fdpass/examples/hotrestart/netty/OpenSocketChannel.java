package dev.fdpass.examples.hotrestart.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A channel of Netty that lets its channel of the JDK be seen. */
final class OpenSocketChannel extends NioSocketChannel {
    OpenSocketChannel(@Nullable Channel parent, SocketChannel channel) {
        super(parent, channel);
    }

    SocketChannel ofTheJdk() {
        return javaChannel();
    }
}
