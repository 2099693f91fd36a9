package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** Descriptors that say which they are. */
final class TestFiles {
    private static final String NAME = "tube-test";
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private TestFiles() {}

    /** A file in memory, with a text in it. */
    static OwnedFd holding(String text) throws IOException {
        OwnedFd fd = SharedMemory.create(NAME, 0).asFd();
        try {
            fd.write(UTF_8.encode(text), 0);
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    static String text(AsFd file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        int count = file.asFd().read(bytes, 0);
        return new String(bytes.array(), 0, Math.max(0, count), UTF_8);
    }

    /** How many of them are open in this process, and of their duplicates. */
    static int open() {
        return (int) DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(name -> name.startsWith("/memfd:" + NAME))
                .count();
    }

    /** Asserts that so many are open, soon: what a stranger sent is closed by threads of the library. */
    static void awaitOpen(int expected) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (open() != expected && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(open()).as("files of the tests that are open").isEqualTo(expected);
    }
}
