package dev.fdpass.cli.hold;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.cli.Closing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is answered to a request. It travels in as many packets as it needs: {@code more} and a part, then {@code ok} and the
 * last part; or {@code error} and the reason.
 *
 * @param text of any length
 * @param fds any number
 */
record Answer(String text, List<OwnedFd> fds) {
    /** The most bytes of a packet. */
    static final int LONGEST = 32 * 1024;

    private static final String MORE = "more ";
    private static final String OK = "ok ";
    private static final String ERROR = "error ";
    private static final int MOST_TEXT = LONGEST - MORE.length();

    Answer(String text) {
        this(text, List.of());
    }

    void send(UnixSeqpacket socket) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int sent = 0;
        int given = 0;
        boolean isLast;
        do {
            int end = Math.min(bytes.length, sent + MOST_TEXT);
            int last = Math.min(fds.size(), given + ScmMessage.SCM_MAX_FDS);
            isLast = end == bytes.length && last == fds.size();
            ByteBuffer packet = ByteBuffer.allocate(LONGEST)
                    .put((isLast ? OK : MORE).getBytes(StandardCharsets.US_ASCII))
                    .put(bytes, sent, end - sent)
                    .flip();
            socket.send(packet, fds.subList(given, last).toArray(new AsFd[0]));
            sent = end;
            given = last;
        } while (!isLast);
    }

    static void sendError(UnixSeqpacket socket, String reason) throws IOException {
        byte[] bytes = (ERROR + reason).getBytes(StandardCharsets.UTF_8);
        socket.send(ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, LONGEST)));
    }

    /** Gets packets. */
    interface Source {
        /** The next one, with room for all that one can bring. */
        Received next() throws IOException;
    }

    /** Receives all of it: the descriptors are the caller's. An error that was answered is thrown. */
    static Answer receive(Source source) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        List<OwnedFd> fds = new ArrayList<>();
        try {
            while (true) {
                try (Received packet = source.next()) {
                    boolean isLast = add(packet, text);
                    fds.addAll(packet.takeFds());
                    if (isLast) {
                        return new Answer(text.toString(StandardCharsets.UTF_8), fds);
                    }
                }
            }
        } catch (Throwable t) {
            Closing.because(t, fds);
            throw t;
        }
    }

    /** Whether it is the last one. */
    private static boolean add(Received packet, ByteArrayOutputStream text) throws IOException {
        if (packet.isEndOfStream()) {
            throw new IOException("the connection ended without an answer");
        }
        if (packet.isPayloadTruncated() || packet.isControlTruncated()) {
            throw new IOException(
                    "not everything arrived;" + " this process may have no room for more descriptors (RLIMIT_NOFILE)");
        }
        String part = text(packet);
        String beginning = part.startsWith(OK) ? OK : MORE;
        if (part.startsWith(ERROR) || !part.startsWith(beginning)) {
            throw new IOException(part.startsWith(ERROR) ? part.substring(ERROR.length()) : "answer: " + part);
        }
        byte[] bytes = new byte[packet.bytes() - beginning.length()];
        packet.data().position(beginning.length()).get(bytes);
        text.writeBytes(bytes);
        return beginning.equals(OK);
    }

    /** For what is in one packet; a character may be in two. */
    static String text(Received packet) {
        return StandardCharsets.UTF_8.decode(packet.data().duplicate()).toString();
    }
}
