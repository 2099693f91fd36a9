package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrived.
 *
 * @param number from 1
 * @param data the bytes
 * @param fds the descriptors, to be closed with this
 * @param infos what the descriptors refer to
 * @param payloadTruncated whether bytes were lost
 * @param controlTruncated whether descriptors were lost
 * @param peer who sent it, or null if the kernel does not say
 */
record Arrival(
        int number,
        ByteBuffer data,
        List<OwnedFd> fds,
        List<FdInfo> infos,
        boolean payloadTruncated,
        boolean controlTruncated,
        @Nullable Credentials peer)
        implements AutoCloseable {

    static Arrival of(int number, Received received, @Nullable Credentials peer) throws IOException {
        List<OwnedFd> fds = received.takeFds();
        List<FdInfo> infos = new ArrayList<>(fds.size());
        Arrival arrival = new Arrival(
                number,
                received.data(),
                fds,
                infos,
                received.isPayloadTruncated(),
                received.isControlTruncated(),
                peer);
        try {
            for (OwnedFd fd : fds) {
                infos.add(fd.info());
            }
            return arrival;
        } catch (Throwable t) {
            Closing.because(t, fds);
            throw t;
        }
    }

    /** The bytes as text, if they are UTF-8. */
    Optional<String> text() {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(data.duplicate()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        Closing.all(fds);
    }
}
