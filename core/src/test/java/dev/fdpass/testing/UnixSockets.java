package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixStream;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Unix-domain sockets that the kernel has, with or without a descriptor anywhere. */
public final class UnixSockets {
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
     * Asserts that the kernel has all of these. It is asked again if it does not show one: it gives the list in parts, and counts
     * how far it was, so that one may be passed over where others close sockets in between.
     */
    public static void assertAll(Collection<Long> inodes) {
        Waiting.until("a look at all of the sockets " + inodes, () -> inodes().containsAll(inodes));
    }

    /**
     * Waits until the kernel has none of these. Closing a socket starts its collector of sockets that only they themselves
     * hold; one that is at work just then may overlook the last, which the next close makes up for (seen in Linux 6.18).
     */
    public static void assertNoneOf(Collection<Long> inodes) throws IOException {
        Waiting.soon(() -> {
            UnixStream.pair().close();
            return Collections.disjoint(inodes(), inodes);
        });
        Set<Long> left = inodes();
        left.retainAll(inodes);
        assertThat(left).as("sockets that the kernel still has").isEmpty();
    }
}
