package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Deadline;
import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass varlink call}. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Call a method and print what it replies.",
        description = {
            "",
            "Prints the parameters of each reply as JSON in a line. What descriptors came is said on standard error, and they"
                    + " are closed. A reply that is an error ends with status 4.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class VarlinkCallCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = ToVarlinkAddress.class,
            description = "unix:/path or unix:@name, also without unix:.")
    private UnixAddress address;

    @Parameters(
            index = "1",
            paramLabel = "METHOD",
            description = "The method with its interface: org.example.files.Open")
    private String method;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "PARAMETERS",
            defaultValue = "{}",
            description = "A JSON object. Default: ${DEFAULT-VALUE}.")
    private String parameters;

    @Option(
            names = "--fd",
            paramLabel = "FILE",
            description =
                    "Send this file along, opened to read, or fd:N that was inherited. The first one is 0 in PARAMETERS;"
                            + " up to 253.")
    private List<String> files = new ArrayList<>();

    @Option(names = "--more", description = "Ask for any number of replies.")
    private boolean more;

    @Option(names = "--oneway", description = "Ask for none.")
    private boolean oneway;

    @Option(names = "--cat", description = "Print what each descriptor that came holds, behind its reply.")
    private boolean cat;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            converter = Converters.ToDuration.class,
            description = "Give up after this time: 500ms, 5s, 2m, 1h, or ISO 8601 (PT1M30S). Default: never.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws IOException {
        if (more && oneway) {
            throw new ParameterException(
                    spec.commandLine(), "--more and --oneway exclude each other; give one of them");
        }
        for (String file : files) {
            if (!FileArgument.isValid(file)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "FILE '" + file + "' is neither a path nor fd: and the number of a descriptor");
            }
        }
        Calling calling;
        try {
            calling = new Calling(method, parameters, files, cat);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        calling.run(address, more, oneway, Deadline.in(timeout));
        return 0;
    }
}
