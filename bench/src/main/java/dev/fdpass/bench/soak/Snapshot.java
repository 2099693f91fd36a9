package dev.fdpass.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process has, as the kernel and the JVM say it. */
final class Snapshot {
    private static final int COLLECTIONS = 3;
    private static final long REST_MILLIS = 100;

    private Snapshot() {}

    /** Number and name of every open descriptor, but for files that the JVM opens for itself when it pleases. */
    static Map<Integer, String> openDescriptors() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                String name;
                try {
                    name = Files.readSymbolicLink(link).toString();
                } catch (IOException e) {
                    continue; // the descriptor that lists this directory
                }
                if (!isOfTheJvm(name)) {
                    open.put(Integer.valueOf(link.getFileName().toString()), name);
                }
            }
        }
        return open;
    }

    private static boolean isOfTheJvm(String name) {
        return name.endsWith(".jar")
                || name.endsWith("/lib/modules")
                || name.equals("/dev/random")
                || name.equals("/dev/urandom")
                || name.matches("/proc/\\d+/fd");
    }

    /** Lets go of what is garbage, and of what waits for a cleaner. */
    static void collectGarbage() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(REST_MILLIS);
        }
    }

    static long residentKiB() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }

    static long heapKiB() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024;
    }

    /** How many descriptors this process may have. */
    static int limitOfDescriptors() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String soft = line.split(" {2,}", -1)[1];
                return soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft);
            }
        }
        throw new IOException("/proc/self/limits has no limit of open files");
    }
}
