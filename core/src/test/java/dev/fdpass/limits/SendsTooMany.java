package dev.fdpass.limits;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.TooManyReferencesException;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;

/** A program that sends until too many descriptors are on their way, then receives them all, and sends again. */
final class SendsTooMany {
    private static final int EACH = 10;

    private SendsTooMany() {}

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            for (SocketType type : SocketType.values()) {
                for (Door door : Door.values()) {
                    send(type, door);
                }
            }
        });
    }

    private static void send(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(EACH);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            int sent = 0;
            String refusal = "";
            while (refusal.isEmpty()) {
                try {
                    door.send(pair.first(), new byte[] {(byte) sent}, files.first(EACH));
                    sent++;
                } catch (TooManyReferencesException e) {
                    refusal = e.getClass().getSimpleName() + " " + e.name();
                }
            }
            // Without descriptors it goes: nothing is wrong with the peer.
            door.send(pair.first(), new byte[] {(byte) sent});
            Facts.say("%s %s: %s after %d".formatted(type, door, refusal, sent * EACH));

            int came = 0;
            for (int i = 0; i < sent; i++) {
                came += receive(pair.second(), door, files, i);
            }
            Facts.say("%s %s: %d came, then %d".formatted(type, door, came, receive(pair.second(), door, files, sent)));
            door.send(pair.first(), new byte[] {99}, files.first(EACH));
            Facts.say("%s %s: %d came again".formatted(type, door, receive(pair.second(), door, files, 99)));
        }
    }

    private static int receive(ScmSocket socket, Door door, Memfds files, int expected) throws IOException {
        try (Arrival arrival = door.receive(socket, 1, EACH)) {
            if (arrival.data()[0] != expected || arrival.controlTruncated()) {
                throw new AssertionError("message " + arrival.data()[0] + " instead of " + expected);
            }
            files.assertFirstOnesAre(arrival.fds());
            return arrival.fds().size();
        }
    }
}
