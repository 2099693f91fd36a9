package dev.fdpass.examples.hotrestart.service;

import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/** Listening sockets as both services need them. */
public final class Listeners {
    private Listeners() {}

    /**
     * A channel with a descriptor of its own.
     *
     * @param listener a listening TCP socket, borrowed
     * @return the channel, the caller's
     * @throws IOException if it cannot be made
     */
    public static ServerSocketChannel channelOf(OwnedFd listener) throws IOException {
        OwnedFd own = listener.duplicate();
        try {
            return JdkSockets.toServerSocketChannel(own);
        } catch (Throwable t) {
            own.close();
            throw t;
        }
    }
}
