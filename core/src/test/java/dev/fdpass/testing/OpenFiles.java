package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code /proc} says about descriptors of this process. */
public final class OpenFiles {
    /** {@code O_CLOEXEC} as {@code /proc/self/fdinfo} shows it, on every architecture that is supported. */
    public static final int CLOSE_ON_EXEC = 02000000;

    public static final int NON_BLOCKING = 04000;

    private OpenFiles() {}

    public static int count() {
        return DescriptorLeakCheck.openDescriptors().size();
    }

    /** Asserts that so many are open, soon: what nobody wants is closed by threads of their own. */
    public static void awaitCount(int expected) {
        awaitCount("", expected);
    }

    /** Descriptors whose name in {@code /proc/self/fd} begins so: what other threads and the JVM open does not count. */
    public static long count(String nameBegins) {
        return DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(name -> name.startsWith(nameBegins))
                .count();
    }

    /** As {@link #awaitCount(int)}, of those whose name begins so. */
    public static void awaitCount(String nameBegins, int expected) {
        Waiting.soon(() -> count(nameBegins) == expected);
        assertThat(count(nameBegins)).as("open descriptors %s", nameBegins).isEqualTo(expected);
    }

    /** All flags: those of the open file description, and close-on-exec of the number. */
    public static int flags(int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new IOException("no flags of descriptor " + number);
    }

    /** The flags of the open file description, which are shared. */
    public static int statusFlags(int number) throws IOException {
        return flags(number) & ~CLOSE_ON_EXEC;
    }
}
