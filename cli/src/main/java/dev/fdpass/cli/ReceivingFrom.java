package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.Received;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a command receives from: the arguments that those have in common which receive. */
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class ReceivingFrom {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "The path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = Converters.ToSocketType.class,
            defaultValue = "stream",
            description = "The type of the socket: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SocketType type;

    @Option(
            names = "--connect",
            description = "Connect to whoever listens at the address, instead of listening. Not for datagrams.")
    private boolean connect;

    @Mixin
    private TimeLimit limit;

    SocketType type() {
        return type;
    }

    /** Begins now. */
    Deadline deadline() {
        return limit.deadline();
    }

    void check() {
        if (connect && type == SocketType.DATAGRAM) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connect needs a connection, and datagrams have none; leave it out, or use --type seqpacket");
        }
    }

    /** A socket with the first peer at the other end; of any user or, unless those are datagrams, this one or root. */
    ScmSocket open(boolean isAnyUser, Deadline deadline) throws IOException {
        if (type == SocketType.DATAGRAM) {
            UnixDatagram socket = UnixDatagram.bind(address, Map.of(ScmOption.SO_PASSCRED, !isAnyUser));
            Ending.closes(socket);
            return socket;
        }
        if (!connect) {
            return Endpoint.accept(type, address, isAnyUser, deadline);
        }
        ScmSocket socket = Endpoint.connect(type, address, deadline);
        try {
            Credentials peer = socket.peer().credentials();
            if (!isAnyUser && !SameUser.is(peer)) {
                throw new IOException("at " + address + " listens user " + peer.uid() + ", neither user "
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
            Received received = deadline.await("a message at " + address, left -> {
                socket.setReceiveTimeout(left);
                return socket.receive(maxBytes, maxFds);
            });
            if (isAnyUser
                    || type != SocketType.DATAGRAM
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
        return new IOException("the sender at " + address + " closed the connection before a message");
    }
}
