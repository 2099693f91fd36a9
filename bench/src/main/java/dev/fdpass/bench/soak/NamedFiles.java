package dev.fdpass.bench.soak;

import dev.fdpass.AsFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.memory.SharedMemory;
import java.io.Closeable;
import java.io.IOException;

/** Files to send. Each has a name, by which the receiver can tell which one came. */
final class NamedFiles implements Closeable {
    static final int COUNT = ScmMessage.SCM_MAX_FDS;

    private final String owner;
    private final SharedMemory[] files = new SharedMemory[COUNT];

    @SuppressWarnings("NullAway") // a file that was not made yet
    NamedFiles(String owner) throws IOException {
        this.owner = owner;
        try {
            for (int i = 0; i < COUNT; i++) {
                files[i] = SharedMemory.create(name(owner, i), 0);
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    private static String name(String owner, int index) {
        return "soak-" + owner + "-" + index;
    }

    /** The name that the kernel says for file {@code index} of {@code owner}. */
    static String kernelName(String owner, int index) {
        return "/memfd:" + name(owner, index % COUNT) + " (deleted)";
    }

    AsFd get(int index) {
        return files[index % COUNT];
    }

    AsFd[] get(int first, int count) {
        AsFd[] fds = new AsFd[count];
        for (int i = 0; i < count; i++) {
            fds[i] = get(first + i);
        }
        return fds;
    }

    /** Closes a file and makes another with the same name, mostly under another number. What was sent of it lives on. */
    void replace(int index) throws IOException {
        files[index].close();
        files[index] = SharedMemory.create(name(owner, index), 0);
    }

    @Override
    @SuppressWarnings("NullAway") // where the constructor failed
    public void close() throws IOException {
        for (SharedMemory file : files) {
            if (file != null) {
                file.close();
            }
        }
    }
}
