package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Files in memory that say which they are, and how many of them are open. */
public final class TestFiles {
    /** What {@code /proc/self/fd} calls files in memory begins so, whoever made them. */
    private static final String IN_MEMORY = "/memfd:";

    private TestFiles() {}

    /** A file with a text in it. */
    public static OwnedFd holding(String text) throws IOException {
        OwnedFd fd = SharedMemory.create("test", 0).asFd();
        try {
            fd.write(UTF_8.encode(text), 0);
            return fd;
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    /** So many files, with the numbers from 0 in them. */
    public static List<OwnedFd> numbered(int count) throws IOException {
        List<OwnedFd> files = new ArrayList<>();
        for (String number : numbers(count)) {
            files.add(holding(number));
        }
        return files;
    }

    /** What {@link #numbered} files have in them. */
    public static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** What a file has in it, from its beginning. */
    public static String text(AsFd file) throws IOException {
        OwnedFd fd = file.asFd();
        ByteBuffer bytes = ByteBuffer.allocate((int) fd.size());
        while (bytes.hasRemaining() && fd.read(bytes, bytes.position()) >= 0) {
            // until all is there
        }
        return UTF_8.decode(bytes.flip()).toString();
    }

    /** What a file has in it, which is closed. */
    public static String takeText(OwnedFd file) throws IOException {
        try (file) {
            return text(file);
        }
    }

    /** What files have in them, which are closed. */
    public static List<String> takeTexts(List<OwnedFd> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (OwnedFd file : files) {
            texts.add(takeText(file));
        }
        return texts;
    }

    /** Closes all, whatever closing one says; throws what the first said. */
    public static void close(List<OwnedFd> files) throws IOException {
        IOException first = null;
        for (OwnedFd file : files) {
            try {
                file.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** How many files in memory are open in this process, duplicates included, whoever made them. */
    public static int open() {
        return (int) OpenFiles.count(IN_MEMORY);
    }

    /** Asserts that so many are open, soon: what nobody wants is closed by threads of the library. */
    public static void awaitOpen(int expected) {
        OpenFiles.awaitCount(IN_MEMORY, expected);
    }
}
