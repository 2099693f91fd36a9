package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Files that say which one they are, and how many this process has open. */
final class Descriptors {
    /** Names of files that this process makes begin so, whoever has them open. */
    static final String NAME = "from-java";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Descriptors() {}

    /** A file whose content is {@code text}. */
    static OwnedFd file(String text) throws IOException {
        OwnedFd fd = SharedMemory.create(NAME, 0).asFd();
        int unused = fd.write(UTF_8.encode(text));
        return fd;
    }

    static List<OwnedFd> files(int count) throws IOException {
        List<OwnedFd> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(file(Integer.toString(i)));
        }
        return files;
    }

    /** What a file has in it, which is closed. */
    static String textOf(OwnedFd file) throws IOException {
        try (file) {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            int unused = file.read(bytes, 0);
            return UTF_8.decode(bytes.flip()).toString();
        }
    }

    static List<String> textsOf(List<OwnedFd> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (OwnedFd file : files) {
            texts.add(textOf(file));
        }
        return texts;
    }

    static List<String> numbers(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(Integer::toString)
                .toList();
    }

    static void close(List<OwnedFd> files) throws IOException {
        for (OwnedFd file : files) {
            file.close();
        }
    }

    /** Files in memory that are open, whoever made them. */
    static long open() {
        return DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(name -> name.startsWith("/memfd:from-"))
                .count();
    }

    /** Asserts that so many are open, soon: what nobody wants is closed by threads of their own. */
    static void awaitOpen(long expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long open = open();
        while (open != expected && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
            open = open();
        }
        assertThat(open).as("open files of the test").isEqualTo(expected);
    }
}
