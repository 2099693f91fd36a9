package dev.fdpass.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Names of sockets for tests. */
final class Bound {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Bound() {}

    /** An abstract name that nobody else has. */
    static String fresh() {
        return "@fdpass-test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    }

    /** Waits until somebody has bound a socket to this address. */
    static String await(String address) throws Exception {
        Waiting.until(
                () -> Files.readString(Path.of("/proc/net/unix"), ISO_8859_1).contains(address));
        return address;
    }
}
