package dev.fdpass.cli;

import dev.fdpass.UnixAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a command meets the other process, and for how long it waits there: for those that send and those that receive. */
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class Where {
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

    @Mixin
    private TimeLimit limit;

    UnixAddress address() {
        return address;
    }

    SocketType type() {
        return type;
    }

    TimeLimit limit() {
        return limit;
    }
}
