package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A connection that is another protocol's, after a call with {@code upgrade}: the bare socket, and what the peer had sent of that
 * protocol already.
 */
public final class Upgraded implements AutoCloseable {
    private final Reply reply;
    private final UnixStream socket;
    private final ByteBuffer unread;
    private final List<OwnedFd> unreadFds;

    private Upgraded(Reply reply, UnixStream socket, ByteBuffer unread, List<OwnedFd> unreadFds) {
        this.reply = reply;
        this.socket = socket;
        this.unread = unread;
        this.unreadFds = unreadFds;
    }

    /** Takes the socket out of a channel, which is closed. */
    static Upgraded take(FramedChannel channel, Reply reply) throws IOException {
        try (channel;
                FrameMessage rest = FrameMessage.allocate(0)) {
            channel.receiveRest(rest);
            ByteBuffer unread = ByteBuffer.allocate(rest.data().remaining()).put(rest.data());
            OwnedFd duplicate = channel.asFd().duplicate();
            try {
                UnixStream socket = UnixStream.adopt(duplicate);
                return new Upgraded(reply, socket, unread.flip(), rest.takeFds());
            } catch (Throwable t) {
                duplicate.close();
                throw t;
            }
        }
    }

    /** {@return the reply that came before; at the service, one without anything. It is closed with this} */
    public Reply reply() {
        return reply;
    }

    /** {@return the socket, without timeouts} */
    public UnixStream socket() {
        return socket;
    }

    /** {@return bytes that came before those that the socket will give; a buffer on the heap, always the same} */
    public ByteBuffer unread() {
        return unread;
    }

    /** {@return descriptors that came with {@link #unread}; the caller's to close, and closed with this} */
    public List<OwnedFd> unreadFds() {
        return unreadFds;
    }

    /** Closes the socket, the reply and the descriptors that came. */
    @Override
    public void close() throws IOException {
        reply.close();
        for (OwnedFd fd : unreadFds) {
            fd.closeAside();
        }
        socket.close();
    }
}
