package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Names;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "Where fdpass hold run listens: the path of a socket, or @ and an abstract name.")
    private UnixAddress address;

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
            description = "A path, to be opened to read, or fd:N for a descriptor that fdpass inherited.")
    private List<String> files;

    @Override
    public Integer call() throws IOException {
        if (files.size() > ScmMessage.SCM_MAX_FDS) {
            throw new ParameterException(
                    spec.commandLine(), files.size() + " files; one message carries at most " + ScmMessage.SCM_MAX_FDS);
        }
        for (String file : files) {
            if (!FileArgument.isValid(file)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "FILE '" + file + "' is neither a path nor fd: and the number of a descriptor");
            }
        }
        List<OwnedFd> fds = new ArrayList<>();
        try {
            for (String file : files) {
                fds.add(FileArgument.open(file));
            }
            HoldClient.Answer unused = new HoldClient(address).ask("put " + name, fds);
        } finally {
            for (OwnedFd fd : fds) {
                fd.close();
            }
        }
        return 0;
    }
}
