package dev.fdpass.limits;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;

/** A program that receives four descriptors when it may have two, one or none more. */
final class ReceivesAtTheLimit {
    private static final int SENT = 4;

    private ReceivesAtTheLimit() {}

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            new Memfds(1).close(); // the first look at a memory file takes one number more
            for (SocketType type : SocketType.values()) {
                for (Door door : Door.values()) {
                    for (int free = 2; free >= 0; free--) {
                        receive(type, door, free);
                    }
                }
            }
        });
    }

    private static void receive(SocketType type, Door door, int free) throws IOException {
        try (Memfds files = new Memfds(SENT);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), "payload".getBytes(UTF_8), files.first(SENT));
            try (Fillers fillers = new Fillers(free)) {
                String came = receive(pair.second(), door, files);
                Facts.say("%s %s, %d free: %s, then %d free".formatted(type, door, free, came, fillers.countFree()));
            }
            door.send(pair.first(), "again".getBytes(UTF_8), files.first(SENT));
            Facts.say("%s %s, enough free: %s".formatted(type, door, receive(pair.second(), door, files)));
        }
    }

    private static String receive(ScmSocket socket, Door door, Memfds files) throws IOException {
        try (Arrival arrival = door.receive(socket, 100, SENT)) {
            files.assertFirstOnesAre(arrival.fds());
            return "\"" + new String(arrival.data(), UTF_8) + "\" and "
                    + arrival.fds().size() + (arrival.controlTruncated() ? ", truncated" : "");
        }
    }
}
