package dev.fdpass.cli.varlink;

import dev.fdpass.cli.TimeLimit;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Mixin
    private ServiceAddress service;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INTERFACE",
            description = "Show the description of this one, as the service gives it.")
    private @Nullable String name;

    @Option(names = "--json", description = "Print a JSON object in a line instead of text.")
    private boolean json;

    @Mixin
    private TimeLimit limit;

    @Override
    public Integer call() throws IOException {
        Introspecting.run(service.address(), name, json, limit.deadline());
        return 0;
    }
}
