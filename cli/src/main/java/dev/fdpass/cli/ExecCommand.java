package dev.fdpass.cli;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.systemd.NamedFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            "",
            "Takes files only from processes of the same user, and root's: any process of the machine can send to @name,"
                    + " and what comes is what the program works with. Others are told of and passed over.",
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

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReceivingFrom from;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The program, behind --, and its arguments.")
    private List<String> command;

    @Option(
            names = "--names",
            paramLabel = "A:B:…",
            converter = Names.ToNames.class,
            description =
                    "What the files are called in LISTEN_FDNAMES, one name for each. As many must come. Default: each"
                            + " is called unknown, and any number will do.")
    private @Nullable Names names;

    @Option(
            names = "--any-user",
            description = "Take files from whoever sends them, not only from the same user and root.")
    private boolean anyUser;

    @Override
    public Integer call() throws IOException {
        from.check();
        Words.check(command, spec);
        List<OwnedFd> fds = receive(from.deadline());
        try (Closing _ = new Closing(fds)) {
            List<NamedFd> named = new ArrayList<>();
            for (int i = 0; i < fds.size(); i++) {
                named.add(
                        names == null
                                ? NamedFd.unnamed(fds.get(i))
                                : new NamedFd(names.all().get(i), fds.get(i)));
            }
            return Becoming.program(command, named);
        }
    }

    private List<OwnedFd> receive(Deadline deadline) throws IOException {
        int most = names == null ? ScmMessage.SCM_MAX_FDS : names.all().size();
        try (ScmSocket socket = from.open(anyUser, deadline);
                Received received = from.receive(socket, MOST_BYTES, most, anyUser, deadline)) {
            if (received.isEndOfStream()) {
                throw from.ended();
            }
            if (received.isControlTruncated() || (names != null && received.fdCount() != most)) {
                throw new IOException((received.isControlTruncated() ? "more than " : "") + received.fdCount()
                        + " files came"
                        + (names == null ? "; not all could be taken (RLIMIT_NOFILE)" : " for " + most + " names")
                        + "; all are closed");
            }
            return received.takeFds();
        }
    }
}
