package dev.fdpass.bench.run;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The descriptors that are sent, the same for all contenders: each is an open file description of its own. */
public final class SentFds implements AutoCloseable {
    private final List<OwnedFd> fds = new ArrayList<>();

    /**
     * Opens descriptors.
     *
     * @param count how many
     * @throws IOException if it cannot
     */
    public static SentFds open(int count) throws IOException {
        SentFds sent = new SentFds();
        try {
            for (int i = 0; i < count; i++) {
                sent.fds.add(OwnedFd.open(Path.of("/dev/null")));
            }
            return sent;
        } catch (Throwable t) {
            sent.close();
            throw t;
        }
    }

    private SentFds() {}

    /** {@return their owners} */
    public OwnedFd[] owned() {
        return fds.toArray(OwnedFd[]::new);
    }

    /** {@return their numbers} */
    public int[] numbers() {
        return fds.stream().mapToInt(OwnedFd::number).toArray();
    }

    @Override
    public void close() throws IOException {
        for (OwnedFd fd : fds) {
            fd.close();
        }
    }
}
