package dev.fdpass.bench.soak;

import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** The three types of socket. */
enum SocketType {
    STREAM,
    DATAGRAM,
    SEQPACKET;

    SocketPair<? extends ScmSocket> pair() throws IOException {
        return switch (this) {
            case STREAM -> UnixStream.pair();
            case DATAGRAM -> UnixDatagram.pair();
            case SEQPACKET -> UnixSeqpacket.pair();
        };
    }

    Assembly assembly(Reckoning reckoning, Counts counts) {
        return this == STREAM ? new StreamOfMessages(reckoning) : new Packets(reckoning, counts);
    }

    /** Whether a receiver notices that its peer is gone. */
    boolean isConnected() {
        return this != DATAGRAM;
    }

    /** Has the kernel add this and that to each message: it must not take the room of descriptors, nor leave any behind. */
    void setOptions(ScmSocket receiver, SplittableRandom random) throws IOException {
        for (ScmOption option : List.of(ScmOption.SO_PASSCRED, ScmOption.SO_PASSPIDFD, ScmOption.SO_TIMESTAMPNS)) {
            boolean applies = this != STREAM || option != ScmOption.SO_TIMESTAMPNS;
            if (applies && random.nextInt(4) == 0 && option.isSupported()) {
                receiver.setOption(option, true);
            }
        }
    }

    @Override
    public String toString() {
        return switch (this) {
            case STREAM -> "stream";
            case DATAGRAM -> "datagram";
            case SEQPACKET -> "seqpacket";
        };
    }
}
