package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
                    + " sends, whoever that is: to @name any process of the machine can. More files than --max-fds are no failure: what fits is shown, the rest is closed.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class ReceiveCommand implements Callable<Integer> {
    private static final int LARGEST = 1 << 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReceivingFrom from;

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
        Deadline deadline = from.deadline();
        SaveDirectory directory = save == null ? null : new SaveDirectory(save);
        try (ScmSocket socket = from.open(true, deadline)) {
            Credentials peer =
                    from.type() == SocketType.DATAGRAM ? null : socket.peer().credentials();
            return receive(socket, peer, new ArrivalHandler(format(), cat, directory), deadline);
        }
    }

    private int receive(ScmSocket socket, @Nullable Credentials peer, ArrivalHandler handler, Deadline deadline)
            throws IOException {
        for (int number = 1; number <= count; number++) {
            try (Received received = from.receive(socket, maxBytes, maxFds, true, deadline)) {
                if (received.isEndOfStream()) {
                    if (number == 1) {
                        throw from.ended();
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

    private ArrivalFormat format() {
        return json ? new ArrivalJson() : new ArrivalTable();
    }

    private void check() {
        check(maxFds >= 0 && maxFds <= ScmMessage.SCM_MAX_FDS, "--max-fds", maxFds, "0 to " + ScmMessage.SCM_MAX_FDS);
        int fewest = from.type() == SocketType.STREAM ? 1 : 0;
        check(maxBytes >= fewest && maxBytes <= LARGEST, "--max-bytes", maxBytes, fewest + " to " + LARGEST);
        check(count >= 1, "--count", count, "1 or more");
        from.check();
    }

    private void check(boolean holds, String option, int value, String allowed) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; it must be " + allowed);
        }
    }
}
