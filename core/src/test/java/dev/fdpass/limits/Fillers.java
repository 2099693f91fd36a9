package dev.fdpass.limits;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Uses up the descriptor numbers that the process may have, and gives back as many as a test wants. */
final class Fillers implements AutoCloseable {
    private static final Path NULL = Path.of("/dev/null");

    private final Deque<OwnedFd> open = new ArrayDeque<>();

    /** Leaves exactly {@code free} numbers. */
    Fillers(int free) throws IOException {
        fill();
        release(free);
    }

    private int fill() throws IOException {
        int filled = 0;
        while (true) {
            try {
                open.add(OwnedFd.open(NULL));
                filled++;
            } catch (ErrnoException e) {
                if (e.name().equals("EMFILE")) {
                    return filled;
                }
                throw e;
            }
        }
    }

    void release(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            open.remove().close();
        }
    }

    /** How many numbers are free now: they are used up and given back. */
    int countFree() throws IOException {
        int free = fill();
        release(free);
        return free;
    }

    @Override
    public void close() throws IOException {
        release(open.size());
    }
}
