package dev.fdpass.faults;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.testing.LibcCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;

/** Files of sockets that are no more. There are many, because only one that is some seconds old counts as stale. */
final class StaleFiles {
    private static final int COUNT = 200;
    private static final Queue<Path> FILES = new ArrayDeque<>();

    private StaleFiles() {}

    /** The oldest. */
    static Path take() throws IOException {
        while (FILES.size() < COUNT) {
            give(Path.of("stale-" + FILES.size()));
        }
        return FILES.remove();
    }

    /** Gives one back, and makes it again if it is gone. */
    static void give(Path file) throws IOException {
        if (!Files.exists(file)) {
            LibcCalls.close(UnixDatagram.bind(UnixAddress.of(file)).asFd().detach());
        }
        FILES.add(file);
    }
}
