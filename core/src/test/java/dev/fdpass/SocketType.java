package dev.fdpass;

import java.io.IOException;

/** The three kinds of socket, for tests of what holds for all of them. */
enum SocketType {
    STREAM {
        @Override
        SocketPair<UnixStream> pair() throws IOException {
            return UnixStream.pair();
        }

        @Override
        UnixStream adopt(OwnedFd fd) throws IOException {
            return UnixStream.adopt(fd);
        }
    },
    DATAGRAM {
        @Override
        SocketPair<UnixDatagram> pair() throws IOException {
            return UnixDatagram.pair();
        }

        @Override
        UnixDatagram adopt(OwnedFd fd) throws IOException {
            return UnixDatagram.adopt(fd);
        }
    },
    SEQPACKET {
        @Override
        SocketPair<UnixSeqpacket> pair() throws IOException {
            return UnixSeqpacket.pair();
        }

        @Override
        UnixSeqpacket adopt(OwnedFd fd) throws IOException {
            return UnixSeqpacket.adopt(fd);
        }
    };

    abstract SocketPair<? extends ScmSocket> pair() throws IOException;

    abstract ScmSocket adopt(OwnedFd fd) throws IOException;

    int nextPacketSize(ScmSocket socket) throws IOException {
        return switch (socket) {
            case UnixDatagram datagram -> datagram.nextPacketSize();
            case UnixSeqpacket seqpacket -> seqpacket.nextPacketSize();
            case UnixStream stream -> throw new IllegalArgumentException(stream + " has no packets");
        };
    }
}
