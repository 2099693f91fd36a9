package dev.fdpass.cli.hold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many descriptors this process may have: {@code RLIMIT_NOFILE}, {@code proc_pid_limits(5)}. */
final class OpenFileLimit {
    /** For the Java machine and for connections. */
    private static final int OWN = 100;

    /** One that is held is duplicated to be given, or needs a second and a third number while a service is started. */
    private static final int NUMBERS_EACH = 3;

    private static final String LINE = "Max open files";

    private OpenFileLimit() {}

    static long soft() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith(LINE)) {
                String value = line.substring(LINE.length()).strip().split("\\s+", 2)[0];
                return value.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(value);
            }
        }
        throw new IOException("/proc/self/limits says nothing of open files");
    }

    /** How many can be held so that a number is free for all else. */
    static int mostHeld() throws IOException {
        return Math.clamp((soft() - OWN) / NUMBERS_EACH, 0, Integer.MAX_VALUE);
    }
}
