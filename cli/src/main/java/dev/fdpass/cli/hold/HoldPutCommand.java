package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Names;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass hold put}. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Give open files to be held, besides those of this name that are.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldPutCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Asking asking;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            converter = Names.ToName.class,
            description = "What to call them: printable ASCII characters without ':'.")
    private String name;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "A path, to be opened to read, or fd:N for a descriptor that fdpass inherited. Up to 253.")
    private List<String> files;

    @Override
    public Integer call() throws IOException {
        @Nullable String problem = FileArgument.problem(files);
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        List<OwnedFd> fds = new ArrayList<>();
        try (Closing _ = new Closing(fds)) {
            FileArgument.openAll(files, fds);
            Answer unused = asking.client().ask("put " + name, fds);
        }
        return 0;
    }
}
