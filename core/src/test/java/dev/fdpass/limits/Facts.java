package dev.fdpass.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a program has to say to the test that started it. */
final class Facts {
    private static final long PATIENCE_NANOS = 50_000_000_000L;

    private Facts() {}

    interface Action {
        void run() throws Exception;
    }

    /** Runs the program, and says last how many descriptors it left behind; threads of the library may still be closing some. */
    static void of(Action program) throws Exception {
        openDescriptors(); // the first time leaves the JVM's own behind
        long before = openDescriptors();
        program.run();
        long left = openDescriptors() - before;
        long begin = System.nanoTime();
        while (left != 0 && System.nanoTime() - begin < PATIENCE_NANOS) {
            Thread.sleep(1);
            left = openDescriptors() - before;
        }
        say(left + " descriptors left behind");
    }

    static void say(String fact) {
        System.out.println(fact);
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
