package dev.fdpass.bench.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process has, as the kernel and the JVM say it. */
final class Snapshot {
    /** Six seconds: the JVM gives back the arenas of its compilers every five. */
    private static final int LEAST_ROUNDS = 12;

    private static final int MOST_ROUNDS = 40;
    private static final long REST_MILLIS = 500;
    private static final double AT_REST = 0.002;

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

    /**
     * Lets go of what is garbage, of what waits for a cleaner, and of what malloc(3) keeps after it was freed (a compiler
     * that works late leaves 20 MB there, which nobody has lost), until the memory is at rest.
     */
    static void settle() throws IOException, InterruptedException {
        long before;
        long now = residentKiB();
        int round = 0;
        do {
            before = now;
            System.gc();
            Thread.sleep(REST_MILLIS);
            trimNativeHeap();
            now = residentKiB();
        } while (++round < LEAST_ROUNDS || (round < MOST_ROUNDS && Math.abs(now - before) > AT_REST * before));
    }

    /** malloc_trim(3) by the JVM itself, as {@code jcmd} would ask for it. */
    static void trimNativeHeap() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            null,
                            null);
        } catch (JMException e) {
            throw new IllegalStateException("this JVM cannot trim its native heap", e);
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
