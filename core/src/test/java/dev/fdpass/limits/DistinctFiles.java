package dev.fdpass.limits;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Files to send, for programs that have nothing but the library and these tests on their class path. */
final class DistinctFiles implements AutoCloseable {
    private final SharedMemory[] files;

    DistinctFiles(int count) throws IOException {
        files = new SharedMemory[count];
        for (int i = 0; i < count; i++) {
            files[i] = SharedMemory.create("file-" + i, 0);
        }
    }

    AsFd[] first(int count) {
        return Arrays.copyOf(files, count);
    }

    void look() throws IOException {
        for (SharedMemory file : files) {
            file.asFd().info();
        }
    }

    /** Says how many of the first files these are; fails if they are others. */
    int checked(List<OwnedFd> fds) throws IOException {
        for (int i = 0; i < fds.size(); i++) {
            if (!fds.get(i).info().isSameFile(files[i].asFd().info())) {
                throw new AssertionError("descriptor " + i + " is " + fds.get(i));
            }
        }
        return fds.size();
    }

    @Override
    public void close() throws IOException {
        for (SharedMemory file : files) {
            file.close();
        }
    }
}
