package dev.fdpass.cli;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.NamedFd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass exec}. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Receive open files at an address, and become a program that has them.",
        description = {
            "",
            "Receives one message, as fdpass receive does, and executes COMMAND in its own place (the process number"
                    + " stays) with the files as descriptors 3, 4, … and LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES set, as"
                    + " programs for systemd's socket activation expect. Standard input, output and error are those of"
                    + " fdpass; the program has no other descriptors.",
            ""
        },
        footer = {
            "",
            "For example:",
            "  fdpass exec @door -- sh -c 'cat <&3' &",
            "  fdpass send @door /etc/hosts --timeout 5s"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class ExecCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 64 * 1024;

    /** What systemd calls a descriptor without a name. */
    private static final String UNKNOWN = "unknown";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "The path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The program, behind --, and its arguments.")
    private List<String> command;

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
            names = "--names",
            paramLabel = "A:B:…",
            description =
                    "What the files are called in LISTEN_FDNAMES, one name for each. As many must come. Default: each"
                            + " is called unknown, and any number will do.")
    private @Nullable String names;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description = "Give up after this time: 500ms, 5s, 2m, 1h, or ISO 8601 (PT1M30S). Default: never.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws IOException {
        if (connect && type == SocketType.DATAGRAM) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connect needs a connection, and datagrams have none; leave it out, or use --type seqpacket");
        }
        List<String> wanted = names == null ? null : names();
        List<OwnedFd> fds = receive(Deadline.in(timeout), wanted);
        try {
            List<NamedFd> named = new ArrayList<>();
            for (int i = 0; i < fds.size(); i++) {
                named.add(new NamedFd(wanted == null ? UNKNOWN : wanted.get(i), fds.get(i)));
            }
            ListenFds.give(Spawn.of(command).inheritIo(), named).exec();
        } finally {
            for (OwnedFd fd : fds) {
                fd.close();
            }
        }
        return 0; // not reached: exec ends by an exception, or this program
    }

    private List<String> names() {
        try {
            return Names.list(Objects.requireNonNull(names));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--names: " + e.getMessage());
        }
    }

    private List<OwnedFd> receive(Deadline deadline, @Nullable List<String> wanted) throws IOException {
        int most = wanted == null ? ScmMessage.SCM_MAX_FDS : wanted.size();
        try (ScmSocket socket = open(deadline);
                Received received = deadline.await("a message at " + address, left -> {
                    socket.setReceiveTimeout(left);
                    return socket.receive(MOST_BYTES, most);
                })) {
            if (received.isEndOfStream()) {
                throw new IOException("the sender at " + address + " closed the connection before a message");
            }
            if (received.isControlTruncated() || (wanted != null && received.fdCount() != most)) {
                throw new IOException((received.isControlTruncated() ? "more than " : "") + received.fdCount()
                        + " files came"
                        + (wanted == null ? "; not all could be taken (RLIMIT_NOFILE)" : " for " + most + " names")
                        + "; all are closed");
            }
            return received.takeFds();
        }
    }

    private ScmSocket open(Deadline deadline) throws IOException {
        if (type != SocketType.DATAGRAM) {
            return connect ? Endpoint.connect(type, address, deadline) : Endpoint.accept(type, address, deadline);
        }
        UnixDatagram socket = UnixDatagram.bind(address);
        Ending.closes(socket);
        return socket;
    }
}
