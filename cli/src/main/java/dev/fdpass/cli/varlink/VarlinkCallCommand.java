package dev.fdpass.cli.varlink;

import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.TimeLimit;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ServiceAddress service;

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

    @Mixin
    private TimeLimit limit;

    @Override
    public Integer call() throws IOException {
        if (more && oneway) {
            throw new ParameterException(
                    spec.commandLine(), "--more and --oneway exclude each other; give one of them");
        }
        @Nullable String problem = FileArgument.problem(files);
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        Calling calling;
        try {
            calling = new Calling(method, parameters, files, cat);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        calling.run(service.address(), more, oneway, limit.deadline());
        return 0;
    }
}
