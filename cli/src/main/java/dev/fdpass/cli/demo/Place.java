package dev.fdpass.cli.demo;

import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.cli.SocketType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the two processes meet, for one type of socket; at an abstract name that the kernel chooses. */
interface Place extends Closeable {
    UnixAddress address() throws IOException;

    /** Waits for the other process. */
    ScmSocket meet() throws IOException;

    static Place open(SocketType type) throws IOException {
        return switch (type) {
            case STREAM -> new Listening(UnixStreamListener.bind(UnixAddress.unnamed()));
            case SEQPACKET -> new Listening(UnixSeqpacketListener.bind(UnixAddress.unnamed()));
            case DATAGRAM -> new Bound(UnixDatagram.bind(UnixAddress.unnamed()));
        };
    }

    /** The other process's way to it. */
    static ScmSocket go(SocketType type, UnixAddress address) throws IOException {
        return switch (type) {
            case STREAM -> UnixStream.connect(address, Conversation.PATIENCE);
            case SEQPACKET -> UnixSeqpacket.connect(address, Conversation.PATIENCE);
            case DATAGRAM -> {
                UnixDatagram socket = UnixDatagram.bind(UnixAddress.unnamed()).connect(address);
                socket.send(ByteBuffer.allocate(0)); // says where to answer
                yield socket;
            }
        };
    }

    /** Where connections are accepted. */
    record Listening(UnixListener<?> listener) implements Place {
        @Override
        public UnixAddress address() throws IOException {
            return listener.localAddress();
        }

        @Override
        public ScmSocket meet() throws IOException {
            return listener.accept(Conversation.PATIENCE);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    /** Where datagrams arrive; the first one tells who is there. */
    record Bound(UnixDatagram socket) implements Place {
        @Override
        public UnixAddress address() throws IOException {
            return socket.localAddress();
        }

        @Override
        public ScmSocket meet() throws IOException {
            socket.setReceiveTimeout(Conversation.PATIENCE);
            try (Received received = socket.receive(0, 0)) {
                return socket.connect(received.sender());
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
