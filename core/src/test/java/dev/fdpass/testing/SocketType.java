package dev.fdpass.testing;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import java.io.IOException;

/** The three kinds of socket, for tests of what holds for all of them. */
public enum SocketType {
    STREAM {
        @Override
        public SocketPair<UnixStream> pair() throws IOException {
            return UnixStream.pair();
        }

        @Override
        public UnixStream adopt(OwnedFd fd) throws IOException {
            return UnixStream.adopt(fd);
        }
    },
    DATAGRAM {
        @Override
        public SocketPair<UnixDatagram> pair() throws IOException {
            return UnixDatagram.pair();
        }

        @Override
        public UnixDatagram adopt(OwnedFd fd) throws IOException {
            return UnixDatagram.adopt(fd);
        }
    },
    SEQPACKET {
        @Override
        public SocketPair<UnixSeqpacket> pair() throws IOException {
            return UnixSeqpacket.pair();
        }

        @Override
        public UnixSeqpacket adopt(OwnedFd fd) throws IOException {
            return UnixSeqpacket.adopt(fd);
        }
    };

    public abstract SocketPair<? extends ScmSocket> pair() throws IOException;

    public abstract ScmSocket adopt(OwnedFd fd) throws IOException;

    public int nextPacketSize(ScmSocket socket) throws IOException {
        return switch (socket) {
            case UnixDatagram datagram -> datagram.nextPacketSize();
            case UnixSeqpacket seqpacket -> seqpacket.nextPacketSize();
            case UnixStream stream -> throw new IllegalArgumentException(stream + " has no packets");
        };
    }
}
