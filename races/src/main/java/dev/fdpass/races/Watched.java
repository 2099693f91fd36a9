package dev.fdpass.races;

import static dev.fdpass.races.Call.unchecked;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A descriptor of which can be told whether it is still open anywhere: one end of a connection, seen from the other. A
 * duplicate counts, and one on its way in a message, for which no number could be looked up.
 */
final class Watched {
    private final SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair);
    private final FdInfo file = unchecked(() -> pair.first().asFd().info());

    OwnedFd fd() {
        return pair.first().asFd();
    }

    /** Whether {@code info} tells of this file. */
    boolean is(FdInfo info) {
        return info.isSameFile(file);
    }

    boolean isGone() {
        Optional<Received> end = unchecked(() -> pair.second().tryReceive(1, 0));
        return end.isPresent() && end.get().isEndOfStream();
    }

    /** Sends the descriptor over {@code socket}, and closes it here: from now on only the message has it. */
    Watched sendAway(UnixSeqpacket socket) {
        return unchecked(() -> {
            socket.send(ByteBuffer.wrap(new byte[] {1}), fd());
            fd().close();
            return this;
        });
    }

    /** {@code "clean"} if it is gone. */
    String afterwards() {
        boolean gone = isGone();
        return unchecked(() -> {
            pair.close();
            return gone ? Call.CLEAN : "leaked";
        });
    }
}
