package dev.fdpass.testing;

import dev.fdpass.AsFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct files to send, each with an inode of its own. Needs nothing but the library: programs use it that have no more than
 * that and these tests on their class path.
 */
public final class Memfds implements AutoCloseable {
    private final SharedMemory[] files;
    private final FdInfo[] infos;

    public Memfds(int count) throws IOException {
        files = new SharedMemory[count];
        infos = new FdInfo[count];
        for (int i = 0; i < count; i++) {
            files[i] = SharedMemory.create("file-" + i, 0);
            infos[i] = files[i].asFd().info();
        }
    }

    public AsFd[] first(int count) {
        return Arrays.copyOf(files, count);
    }

    public AsFd get(int index) {
        return files[index];
    }

    /** Asserts that {@code received} are other descriptors for the first files, in order. */
    public void assertFirstOnesAre(List<OwnedFd> received) throws IOException {
        for (int i = 0; i < received.size(); i++) {
            FdInfo info = received.get(i).info();
            if (!info.isSameFile(infos[i]) || info.number() == infos[i].number()) {
                throw new AssertionError("descriptor " + i + " is " + info + "; sent was " + infos[i]);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SharedMemory file : files) {
            file.close();
        }
    }
}
