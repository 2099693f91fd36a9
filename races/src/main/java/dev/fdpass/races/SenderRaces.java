package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Two threads that send over one stream messages that the kernel queues in several parts. */
public final class SenderRaces {
    /** Two parts, of 48 KiB at most, and both messages fit into the queue together. */
    private static final int SIZE = 80 * 1024;

    private static final ByteBuffer A_BYTES = bytes('A');
    private static final ByteBuffer B_BYTES = bytes('B');

    private SenderRaces() {}

    private static ByteBuffer bytes(char letter) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
        while (bytes.hasRemaining()) {
            bytes.put((byte) letter);
        }
        return bytes.flip();
    }

    @JCStressTest
    @Description("L02: send against send on a stream")
    @Outcome(
            id = "sent, sent, A B",
            expect = ACCEPTABLE,
            desc = "The first message, then the second, each with its file.")
    @Outcome(
            id = "sent, sent, B A",
            expect = ACCEPTABLE,
            desc = "The second message, then the first, each with its file.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "Parts of the messages mixed, or a descriptor came with the wrong bytes, or leaked.")
    @State
    public static class SendAgainstSend {
        private final SocketPair<UnixStream> pair = unchecked(UnixStream::pair);
        private final Watched a = new Watched();
        private final Watched b = new Watched();

        @Actor
        public void sender(LLL_Result r) {
            r.r1 = send(A_BYTES.duplicate(), a);
        }

        @Actor
        public void otherSender(LLL_Result r) {
            r.r2 = send(B_BYTES.duplicate(), b);
        }

        private String send(ByteBuffer bytes, Watched file) {
            return outcome(() -> {
                try (OwnedFd fd = file.fd()) {
                    return pair.first().send(bytes, fd) == SIZE ? "sent" : "sent a part";
                }
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = outcome(() -> {
                try (pair) {
                    String messages = message() + " " + message();
                    return Call.worst(a.afterwards(), b.afterwards()).equals(Call.CLEAN) ? messages : "leaked";
                }
            });
        }

        /** The letter of a message, if all of it has that, and its file came with it. */
        private String message() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(SIZE);
            String file = "no file";
            while (bytes.hasRemaining()) {
                try (Received received = pair.second().receive(bytes, 1)) {
                    if (received.isEndOfStream()) {
                        return "end";
                    }
                    if (received.fdCount() == 1) {
                        try (OwnedFd fd = received.takeFd(0)) {
                            file = a.is(fd.info()) ? "A" : b.is(fd.info()) ? "B" : "foreign";
                        }
                    }
                }
            }
            for (byte each : bytes.array()) {
                if (each != file.charAt(0)) {
                    return "mixed";
                }
            }
            return file;
        }
    }
}
