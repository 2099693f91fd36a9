package dev.fdpass.cli.hold;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Asks a {@link HoldServer}. */
final class HoldClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UnixAddress address;

    HoldClient(UnixAddress address) {
        this.address = address;
    }

    /**
     * What it answered.
     *
     * @param text behind the {@code ok}
     * @param fds of the caller's
     */
    record Answer(String text, List<OwnedFd> fds) {}

    Answer ask(String request, List<? extends AsFd> fds) throws IOException {
        try (UnixSeqpacket socket = UnixSeqpacket.connect(address, PATIENCE)) {
            socket.setSendTimeout(PATIENCE);
            socket.setReceiveTimeout(PATIENCE);
            socket.send(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)), fds.toArray(new AsFd[0]));
            try (Received answer = socket.receive(HoldServer.LONGEST, ScmMessage.SCM_MAX_FDS)) {
                if (answer.isEndOfStream()) {
                    throw new IOException(address + " ended without an answer");
                }
                if (answer.isPayloadTruncated() || answer.isControlTruncated()) {
                    throw new IOException("not everything arrived from " + address
                            + "; this process may have no room for more descriptors (RLIMIT_NOFILE)");
                }
                String text = HoldServer.text(answer);
                if (!text.startsWith(HoldServer.OK)) {
                    throw new IOException(address + " answers: "
                            + (text.startsWith(HoldServer.ERROR) ? text.substring(HoldServer.ERROR.length()) : text));
                }
                return new Answer(text.substring(HoldServer.OK.length()), answer.takeFds());
            }
        }
    }
}
