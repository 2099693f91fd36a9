package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Descriptors that say which they are. */
final class TestFiles {
    private TestFiles() {}

    /** A file in memory, with a text in it. */
    static OwnedFd holding(String text) throws IOException {
        OwnedFd fd = SharedMemory.create("tube-test", 0).asFd();
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
}
