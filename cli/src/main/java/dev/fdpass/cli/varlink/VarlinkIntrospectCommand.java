package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Deadline;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fdpass varlink introspect}. */
@Command(
        name = "introspect",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Show what a service is and which interfaces it has, or how one of these is described.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class VarlinkIntrospectCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = ToVarlinkAddress.class,
            description = "unix:/path or unix:@name, also without unix:.")
    private UnixAddress address;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INTERFACE",
            description = "Show the description of this one, as the service gives it.")
    private @Nullable String name;

    @Option(names = "--json", description = "Print a JSON object in a line instead of text.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description = "Give up after this time: 500ms, 5s, 2m, 1h, or ISO 8601 (PT1M30S). Default: never.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws IOException {
        Introspecting.run(address, name, json, Deadline.in(timeout));
        return 0;
    }
}
