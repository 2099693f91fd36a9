package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Programs that say which descriptors they have: {@code number device:inode} a line. */
final class Lists {
    /** In Python, which opens a descriptor for the list itself, and none before. */
    private static final String PROGRAM = """
            import os
            for name in os.listdir('/proc/self/fd'):
                try: info = os.fstat(int(name))
                except OSError: continue
                print(name, str(info.st_dev) + ':' + str(info.st_ino))
            """;

    private Lists() {}

    /** The command that {@link #of} starts. */
    static Spawn program() {
        return Spawn.of("python3", "-S", "-c", PROGRAM);
    }

    /** What a program gets, except that its standard output is a pipe to here. */
    static Map<Integer, String> of(Spawn program) throws IOException, InterruptedException {
        return parse(outputOf(program));
    }

    static Map<Integer, String> parse(String output) {
        Map<Integer, String> all = new TreeMap<>();
        output.lines().forEach(line -> {
            int end = line.indexOf(' ');
            all.put(Integer.parseInt(line.substring(0, end)), line.substring(end + 1));
        });
        return all;
    }

    /** What a program writes to its standard output, if it succeeds. */
    static String outputOf(Spawn program) throws IOException, InterruptedException {
        SpawnedProcess process = program.stdoutPipe().start();
        String output;
        try (var stream = process.getInputStream()) {
            output = new String(stream.readAllBytes(), UTF_8);
        }
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(process + "\n" + output);
        }
        return output;
    }
}
