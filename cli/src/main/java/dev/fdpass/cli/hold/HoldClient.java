package dev.fdpass.cli.hold;

import dev.fdpass.AsFd;
import dev.fdpass.Credentials;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.cli.Deadline;
import dev.fdpass.cli.SameUser;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a {@link HoldServer}. */
final class HoldClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UnixAddress address;
    private final boolean isAwaited;
    private final Deadline deadline;

    /**
     * Whoever listens at an address.
     *
     * @param timeout how long all that is asked may take, and until when somebody must listen; null for the usual patience
     *     with one that does
     */
    HoldClient(UnixAddress address, @Nullable Duration timeout) {
        this.address = address;
        isAwaited = timeout != null;
        deadline = Deadline.in(timeout == null ? PATIENCE : timeout);
    }

    /** What is answered; its descriptors are the caller's. */
    Answer ask(String request, List<? extends AsFd> fds) throws IOException {
        try (UnixSeqpacket socket = connect()) {
            checkUser(socket.peer().credentials());
            IOException unsent = send(socket, request, fds);
            try {
                return Answer.receive(() -> deadline.once("an answer of " + address, left -> {
                    socket.setReceiveTimeout(left);
                    return socket.receive(Answer.LONGEST, ScmMessage.SCM_MAX_FDS);
                }));
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                if (unsent != null) {
                    e.addSuppressed(unsent);
                }
                throw new IOException(address + ": " + e.getMessage(), e);
            }
        }
    }

    private UnixSeqpacket connect() throws IOException {
        String what = "a place in the queue of " + address;
        Deadline.Attempt<UnixSeqpacket> attempt = left -> UnixSeqpacket.connect(address, left);
        return isAwaited ? deadline.onceSomebodyListens(address, what, attempt) : deadline.once(what, attempt);
    }

    /** Before anything is sent: to an abstract name anybody can bind. */
    private void checkUser(Credentials server) throws IOException {
        if (!SameUser.is(server)) {
            throw new IOException("at " + address + " listens user " + server.uid() + ", neither user " + SameUser.own()
                    + " nor root; nothing was sent");
        }
    }

    /** Why it was not sent, if one that has hung up may nevertheless have answered before. */
    private @Nullable IOException send(UnixSeqpacket socket, String request, List<? extends AsFd> fds)
            throws IOException {
        ByteBuffer packet = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        try {
            int unused = deadline.once("room for a request to " + address, left -> {
                socket.setSendTimeout(left);
                return socket.send(packet, fds.toArray(new AsFd[0]));
            });
            return null;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return e;
        }
    }
}
