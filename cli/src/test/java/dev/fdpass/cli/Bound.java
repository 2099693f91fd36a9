package dev.fdpass.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Names of sockets for tests. */
final class Bound {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final String ANY = "[0-9A-F]{8} [0-9A-F]{4}";
    /** {@code __SO_ACCEPTCON}, or {@code SOCK_DGRAM}. */
    private static final String CAN_BE_REACHED = "(?:00010000 [0-9A-F]{4}|[0-9A-F]{8} 0002)";

    private Bound() {}

    /** An abstract name that nobody else has. */
    static String fresh() {
        return "@fdpass-test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    }

    /** Waits until somebody can be reached at this address: to connect between bind and listen is refused. */
    static String await(String address) throws Exception {
        Waiting.until("somebody listening at " + address, () -> count(CAN_BE_REACHED, address) > 0);
        return address;
    }

    /** Waits until all that were accepted at this address are closed, and only who listens there is left. */
    static void awaitNoConnection(String address) {
        Waiting.until("the end of all connections to " + address, () -> count(ANY, address) == 1);
    }

    /** Rows {@code Num RefCount Protocol Flags Type St Inode Path}, {@code proc_pid_net(5)}. */
    private static long count(String flagsAndType, String address) throws IOException {
        Pattern row = Pattern.compile("(?m)^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} " + flagsAndType
                + " [0-9A-F]{2} +[0-9]+ " + Pattern.quote(address) + "$");
        return row.matcher(Files.readString(Path.of("/proc/net/unix"), ISO_8859_1))
                .results()
                .count();
    }
}
