package dev.fdpass.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;

/** Whether another thread waits. Needs no test library: programs use it too. */
public final class Asleep {
    private Asleep() {}

    /**
     * Whether a virtual thread is parked; of a platform thread, whether it waits in the kernel: to the JVM a thread in a system
     * call runs. Its name there is the Java name, which no other thread may have, and of which the kernel keeps 15 bytes.
     */
    public static boolean isAsleep(Thread thread) throws IOException {
        if (thread.isVirtual()) {
            return EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(thread.getState());
        }
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path path : tasks.toList()) {
                try {
                    String stat = Files.readString(path.resolve("stat"));
                    if (stat.contains("(" + thread.getName() + ")")) {
                        return stat.contains(") S ");
                    }
                } catch (IOException e) {
                    // A thread that ended while it was being looked at.
                }
            }
        }
        return false;
    }
}
