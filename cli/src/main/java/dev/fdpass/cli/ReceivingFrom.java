package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.Received;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixDatagram;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command receives from: the arguments that those have in common which receive. */
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class ReceivingFrom {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private Where where;

    @Option(
            names = "--connect",
            description = "Connect to whoever listens at the address, instead of listening. Not for datagrams.")
    private boolean connect;

    SocketType type() {
        return where.type();
    }

    /** Begins now. */
    Deadline deadline() {
        return where.limit().deadline();
    }

    void check() {
        if (connect && where.type() == SocketType.DATAGRAM) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connect needs a connection, and datagrams have none; leave it out, or use --type seqpacket");
        }
    }

    /** A socket with the first peer at the other end; of any user or, unless those are datagrams, this one or root. */
    ScmSocket open(boolean isAnyUser, Deadline deadline) throws IOException {
        if (where.type() == SocketType.DATAGRAM) {
            return Ending.opens(() -> UnixDatagram.bind(where.address(), Map.of(ScmOption.SO_PASSCRED, !isAnyUser)));
        }
        if (!connect) {
            return Endpoint.accept(where.type(), where.address(), isAnyUser, deadline);
        }
        ScmSocket socket = Endpoint.connect(where.type(), where.address(), deadline);
        try {
            Credentials peer = socket.peer().credentials();
            if (!isAnyUser && !SameUser.is(peer)) {
                throw new IOException("at " + where.address() + " listens user " + peer.uid() + ", neither user "
                        + SameUser.own() + " nor root; nothing is taken from there");
            }
            return socket;
        } catch (Throwable t) {
            Closing.because(t, List.of(socket));
            throw t;
        }
    }

    /** The next message; of datagrams, one of any user or of this one or root. */
    Received receive(ScmSocket socket, int maxBytes, int maxFds, boolean isAnyUser, Deadline deadline)
            throws IOException {
        while (true) {
            Received received = deadline.await("a message at " + where.address(), left -> {
                socket.setReceiveTimeout(left);
                return socket.receive(maxBytes, maxFds);
            });
            if (isAnyUser
                    || where.type() != SocketType.DATAGRAM
                    || received.credentials().filter(SameUser::is).isPresent()) {
                return received;
            }
            try (received) {
                Closing.aside(received.takeFds()); // a stranger may make it take long
            }
            Failures.tell("a message of user "
                    + received.credentials()
                            .map(Credentials::uid)
                            .map(String::valueOf)
                            .orElse("unknown")
                    + " was dropped");
        }
    }

    /** What it means that the first message is the end. */
    IOException ended() {
        return new IOException("the sender at " + where.address() + " closed the connection before a message");
    }
}
