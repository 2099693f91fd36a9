package dev.fdpass.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Around every test, without being asked: {@code /proc/self/fd} ends as it began. Registered for all through
 * {@code META-INF/services}.
 */
public final class DescriptorLeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(DescriptorLeakCheck.class);

    /**
     * A close by another thread, or a child's exit, may be a moment behind; and the epoll instance by which virtual threads
     * wait is closed when none has waited for two seconds. On a machine with other work each of these may take much longer.
     */
    private static final long PATIENCE_SECONDS = 60;

    /** A JUnit parameter with another number of seconds: for a test of this check, which has to see it fail. */
    public static final String PATIENCE_PARAMETER = "dev.fdpass.leakcheck.seconds";

    private static final String EPOLL = "anon_inode:[eventpoll]";

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", openDescriptors());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        @SuppressWarnings("unchecked")
        Map<Integer, String> before = Objects.requireNonNull(
                (Map<Integer, String>) context.getStore(NAMESPACE).get("before"));
        long seconds = context.getConfigurationParameter(PATIENCE_PARAMETER)
                .map(Long::valueOf)
                .orElse(PATIENCE_SECONDS);
        Waiting.within(Duration.ofSeconds(seconds), () -> {
            Map<Integer, String> now = openDescriptors();
            return now.equals(stillOpenOf(before, now));
        });
        Map<Integer, String> after = openDescriptors();
        assertThat(after).as("open descriptors after the test").isEqualTo(stillOpenOf(before, after));
    }

    /** Without the epoll instance of virtual threads that waited in an earlier test, if its two seconds are over by now. */
    private static Map<Integer, String> stillOpenOf(Map<Integer, String> before, Map<Integer, String> after) {
        Map<Integer, String> expected = new TreeMap<>(before);
        expected.entrySet().removeIf(each -> each.getValue().equals(EPOLL) && !after.containsKey(each.getKey()));
        return expected;
    }

    /** Number and name of every open descriptor, but for those that the JVM opens for itself when it pleases. */
    public static Map<Integer, String> openDescriptors() {
        Map<Integer, String> open = openDescriptorsOf("self");
        open.values().removeIf(DescriptorLeakCheck::isOfTheJvm);
        return open;
    }

    /** Number and name of every open descriptor of a process. */
    public static Map<Integer, String> openDescriptorsOf(long pid) {
        return openDescriptorsOf(Long.toString(pid));
    }

    private static Map<Integer, String> openDescriptorsOf(String process) {
        Map<Integer, String> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc", process, "fd"))) {
            links.forEach(link -> {
                try {
                    open.put(
                            Integer.parseInt(link.getFileName().toString()),
                            Files.readSymbolicLink(link).toString());
                } catch (IOException e) {
                    // Closed meanwhile, as the descriptor that lists this directory is when its own link is read.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    /** Some are open for a moment only, whenever a class is loaded, or a compiler looks how much memory there is. */
    private static boolean isOfTheJvm(String name) {
        return name.endsWith(".jar")
                || name.endsWith(".class")
                || name.endsWith("/lib/modules")
                || name.equals("/dev/random")
                || name.equals("/dev/urandom")
                || name.equals("/proc/meminfo") // read for a moment, as is what a cgroup allows
                || name.startsWith("/sys/fs/cgroup/")
                || name.matches("/proc/\\d+/fd");
    }
}
