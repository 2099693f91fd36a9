package dev.fdpass.testing;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.List;

/** What a {@link Door} received; closing it closes the descriptors. */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
public record Arrival(int bytes, byte[] data, List<OwnedFd> fds, boolean payloadTruncated, boolean controlTruncated)
        implements AutoCloseable {
    @Override
    public void close() throws IOException {
        for (OwnedFd fd : fds) {
            fd.close();
        }
    }
}
