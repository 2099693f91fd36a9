package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Unix-domain sockets that the kernel has, with or without a descriptor anywhere. */
public final class UnixSockets {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern FIELDS = Pattern.compile(" +");
    private static final int INODE_FIELD = 6;

    private UnixSockets() {}

    /** Their inodes, {@code /proc/net/unix}. */
    public static Set<Long> inodes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"), ISO_8859_1)) {
            return lines.skip(1)
                    .map(line -> Long.parseLong(FIELDS.split(line.strip(), -1)[INODE_FIELD]))
                    .collect(Collectors.toSet());
        }
    }

    /**
     * Waits until the kernel has none of these. Closing a socket starts its collector of sockets that only they themselves
     * hold; one that is at work just then may overlook the last, which the next close makes up for (seen in Linux 6.18).
     */
    public static void assertNoneOf(Collection<Long> inodes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Set<Long> left = inodes();
        for (left.retainAll(inodes); !left.isEmpty() && System.nanoTime() < deadline; left.retainAll(inodes)) {
            Thread.sleep(10);
            UnixStream.pair().close();
            left = inodes();
        }
        assertThat(left).as("sockets that the kernel still has").isEmpty();
    }
}
