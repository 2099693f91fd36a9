package dev.fdpass.cli.varlink;

import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Version;
import dev.fdpass.cli.Words;
import java.io.IOException;
import java.nio.file.Path;
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

/** {@code fdpass varlink serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Be a service whose calls a command answers.",
        description = {
            "",
            "Listens until it is interrupted. For each call COMMAND is started with the parameters on standard input, the name of"
                    + " the method in VARLINK_METHOD, and the descriptors of the call as 3, 4, …, VARLINK_FDS of them. What it"
                    + " prints is replied: a JSON object, or nothing. If it fails, so does the call; with {\"error\":NAME,"
                    + "\"parameters\":{…}} on standard output, with that error.",
            ""
        },
        footer = {
            "",
            "For example:",
            "  cat > files.varlink <<END",
            "  interface org.example.files",
            "  method Open() -> (file: int)",
            "  END",
            "  fdpass varlink serve @files files.varlink --fd /etc/hosts \\",
            "      -- echo '{\"file\":0}' &",
            "  fdpass varlink call @files org.example.files.Open --cat"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class VarlinkServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceAddress service;

    @Parameters(index = "1", paramLabel = "DESCRIPTION", description = "A file with the description of the interface.")
    private Path description;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The program, behind --, and its arguments.")
    private List<String> command;

    @Option(
            names = "--fd",
            paramLabel = "FILE",
            description =
                    "Send this file, opened to read, or fd:N that was inherited, along with each reply. The first one is 0"
                            + " in the reply; up to 253. It is opened once, and its position is everybody's.")
    private List<String> files = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        @Nullable String problem = FileArgument.problem(files);
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        Words.check(command, spec);
        Serving.run(service.address(), description, command, files);
        return 0;
    }
}
