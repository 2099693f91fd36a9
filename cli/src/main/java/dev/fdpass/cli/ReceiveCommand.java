package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass receive}. */
@Command(
        name = "receive",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Receive open files at an address, and show what they are.",
        description = {
            "",
            "Listens at the address and receives from the first who connects, or, with --type datagram, from whoever"
                    + " sends. More files than --max-fds are no failure: what fits is shown, the rest is closed.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class ReceiveCommand implements Callable<Integer> {
    private static final int LARGEST = 1 << 30;

    @Spec
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

    @Option(
            names = "--max-fds",
            paramLabel = "N",
            defaultValue = "253",
            description = "Room for so many files in a message, 0 to 253. Default: ${DEFAULT-VALUE}.")
    private int maxFds;

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            defaultValue = "65536",
            description = "Room for so many bytes in a message. Default: ${DEFAULT-VALUE}.")
    private int maxBytes;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            description = "End after so many messages, or when the sender ends. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description = "Give up after this time: 500ms, 5s, 2m, 1h, or ISO 8601 (PT1M30S). Default: never.")
    private @Nullable Duration timeout;

    @Option(names = "--json", description = "Print one JSON object a message instead of a table.")
    private boolean json;

    @Option(
            names = "--cat",
            description = "Copy the first regular file (from its offset on) or pipe to standard output; the table then"
                    + " goes to standard error.")
    private boolean cat;

    @Option(
            names = "--save",
            paramLabel = "DIR",
            description = "Save each regular file in this directory, under its own name; if that is taken, numbered.")
    private @Nullable Path save;

    @Override
    public Integer call() throws IOException {
        check();
        Deadline deadline = Deadline.in(timeout);
        SaveDirectory directory = save == null ? null : new SaveDirectory(save);
        try (ScmSocket socket = open(deadline)) {
            Credentials peer =
                    type == SocketType.DATAGRAM ? null : socket.peer().credentials();
            return receive(socket, peer, new ArrivalHandler(format(), cat, directory), deadline);
        }
    }

    private int receive(ScmSocket socket, @Nullable Credentials peer, ArrivalHandler handler, Deadline deadline)
            throws IOException {
        for (int number = 1; number <= count; number++) {
            try (Received received = deadline.await("a message at " + address, left -> {
                socket.setReceiveTimeout(left);
                return socket.receive(maxBytes, maxFds);
            })) {
                if (received.isEndOfStream()) {
                    if (number == 1) {
                        throw new IOException("the sender at " + address + " closed the connection before a message");
                    }
                    break;
                }
                try (Arrival arrival = Arrival.of(number, received, peer)) {
                    handler.handle(arrival);
                }
            }
        }
        handler.finish();
        return 0;
    }

    private ScmSocket open(Deadline deadline) throws IOException {
        if (type != SocketType.DATAGRAM) {
            return connect ? Endpoint.connect(type, address, deadline) : Endpoint.accept(type, address, deadline);
        }
        UnixDatagram socket = UnixDatagram.bind(address);
        Ending.closes(socket);
        return socket;
    }

    private ArrivalFormat format() {
        return json ? new ArrivalJson() : new ArrivalTable();
    }

    private void check() {
        check(maxFds >= 0 && maxFds <= ScmMessage.SCM_MAX_FDS, "--max-fds", maxFds, "0 to " + ScmMessage.SCM_MAX_FDS);
        int fewest = type == SocketType.STREAM ? 1 : 0;
        check(maxBytes >= fewest && maxBytes <= LARGEST, "--max-bytes", maxBytes, fewest + " to " + LARGEST);
        check(count >= 1, "--count", count, "1 or more");
        if (connect && type == SocketType.DATAGRAM) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connect needs a connection, and datagrams have none; leave it out, or use --type seqpacket");
        }
    }

    private void check(boolean holds, String option, int value, String allowed) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; it must be " + allowed);
        }
    }
}
