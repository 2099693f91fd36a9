package dev.fdpass.cli.hold;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whom a command asks for what is held: the arguments that those have in common which do. */
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class Asking {
    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "Where fdpass hold run listens: the path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description =
                    "Give up after this time, and until then wait for hold run to listen: 500ms, 5s, 2m, 1h, or ISO"
                            + " 8601 (PT1M30S). Default: 10s, and it must listen already.")
    private @Nullable Duration timeout;

    UnixAddress address() {
        return address;
    }

    HoldClient client() {
        return new HoldClient(address, timeout);
    }
}
