package dev.fdpass.races;

import static dev.fdpass.races.Call.unchecked;

import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Somebody else's connection, as {@link Foreign}: each end has a message waiting, and only its owner may get that. */
final class ForeignConnection {
    static final byte SECRET = 'S';

    private final SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair);

    ForeignConnection() {
        unchecked(() -> pair.first().send(secret()) + pair.second().send(secret()));
    }

    private static ByteBuffer secret() {
        return ByteBuffer.wrap(new byte[] {SECRET});
    }

    /** {@code "clean"} if both ends are open and have their message, and no other. */
    String afterwards() {
        try (pair) {
            return Call.worst(waiting(pair.first()), waiting(pair.second()));
        } catch (IOException e) {
            return "foreign connection closed";
        }
    }

    private static String waiting(UnixSeqpacket end) throws IOException {
        Optional<Received> message = end.tryReceive(2, 0);
        if (message.isEmpty()) {
            return "foreign message read";
        }
        try (Received received = message.get()) {
            return received.bytes() == 1
                            && received.data().get() == SECRET
                            && end.tryReceive(2, 0).isEmpty()
                    ? Call.CLEAN
                    : "foreign connection written";
        }
    }
}
