package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A message that a thread sends with a descriptor, while another closes the socket or the descriptor. */
public final class SendRaces {
    private static final String FORBIDDEN_DESC =
            "A descriptor leaked or was closed twice, another file was sent, or it went to another socket.";

    private SendRaces() {}

    /** A connection, a descriptor to send over it, and a foreign connection and file that take their numbers. */
    abstract static class Setting {
        final SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair);
        final Watched watched = new Watched();

        @Nullable
        ForeignConnection foreignConnection;

        @Nullable
        Foreign foreignFile;

        final String send() {
            return outcome(() -> {
                try {
                    pair.first().send(ByteBuffer.wrap(new byte[] {1}), watched.fd());
                    return "sent";
                } catch (IllegalArgumentException e) {
                    return String.valueOf(e.getMessage()).contains("is closed") ? "refused" : e.toString();
                }
            });
        }

        /** What came: the file, nothing, or what should not. */
        final String arrived() {
            return outcome(() -> {
                Optional<Received> message = pair.second().tryReceive(16, 1);
                if (message.isEmpty() || message.get().isEndOfStream()) {
                    return "nothing";
                }
                try (Received received = message.get();
                        OwnedFd fd = received.takeFd(0)) {
                    return watched.is(fd.info()) ? "file" : "foreign";
                }
            });
        }

        final String afterwards() {
            return unchecked(() -> {
                pair.close();
                watched.fd().close();
                return Call.worst(
                        foreignConnection == null ? Call.CLEAN : foreignConnection.afterwards(),
                        Foreign.afterwards(foreignFile, null),
                        watched.afterwards());
            });
        }
    }

    @JCStressTest
    @Description("L01: close of the socket against send")
    @Outcome(id = "sent: file, closed, clean", expect = ACCEPTABLE, desc = "Sent first; close waited.")
    @Outcome(id = "refused: nothing, closed, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseOfSocketAgainstSend extends Setting {
        @Actor
        public void sender(LLL_Result r) {
            r.r1 = send();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = outcome(() -> {
                pair.first().close();
                foreignConnection = new ForeignConnection();
                return "closed";
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r1 += ": " + arrived();
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("S08: close of the descriptor that is being sent")
    @Outcome(id = "sent: file, closed, clean", expect = ACCEPTABLE, desc = "Sent first; close waited.")
    @Outcome(id = "refused: nothing, closed, clean", expect = ACCEPTABLE, desc = "Closed first, and nothing was sent.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseOfDescriptorAgainstSend extends Setting {
        @Actor
        public void sender(LLL_Result r) {
            r.r1 = send();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = outcome(() -> {
                watched.fd().close();
                foreignFile = new Foreign();
                return "closed";
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r1 += ": " + arrived();
            r.r3 = afterwards();
        }
    }
}
