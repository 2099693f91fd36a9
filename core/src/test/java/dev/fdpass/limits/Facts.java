package dev.fdpass.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a program has to say to the test that started it. */
final class Facts {
    private Facts() {}

    interface Action {
        void run() throws Exception;
    }

    /** Runs the program, and says last how many descriptors it left behind. */
    static void of(Action program) throws Exception {
        openDescriptors(); // the first time leaves the JVM's own behind
        long before = openDescriptors();
        program.run();
        say(openDescriptors() - before + " descriptors left behind");
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
