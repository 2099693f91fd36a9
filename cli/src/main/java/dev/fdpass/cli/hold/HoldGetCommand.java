package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.cli.Becoming;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Names;
import dev.fdpass.cli.Version;
import dev.fdpass.cli.Words;
import dev.fdpass.systemd.NamedFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass hold get}. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Become a program that has what is held.",
        description = {
            "",
            "Executes COMMAND in its own place with what is held as descriptors 3, 4, … and LISTEN_FDS, LISTEN_PID and"
                    + " LISTEN_FDNAMES set. It stays held.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldGetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Asking asking;

    @Parameters(
            index = "1",
            paramLabel = "NAME[:NAME…]",
            converter = Names.ToNames.class,
            description = "What they are called, in the order wanted.")
    private Names names;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The program, behind --, and its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws IOException {
        Words.check(command, spec);
        HoldClient client = asking.client();
        List<OwnedFd> fds = new ArrayList<>();
        try (Closing _ = new Closing(fds)) {
            List<NamedFd> got = new ArrayList<>();
            for (String name : names.all()) {
                for (OwnedFd fd : client.ask("get " + name, List.of()).fds()) {
                    fds.add(fd);
                    got.add(new NamedFd(name, fd));
                }
            }
            return Becoming.program(command, got);
        }
    }
}
