package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Names;
import dev.fdpass.cli.Version;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.NamedFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "Where fdpass hold run listens: the path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Parameters(index = "1", paramLabel = "NAME[:NAME…]", description = "What they are called, in the order wanted.")
    private String names;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "The program, behind --, and its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws IOException {
        List<String> wanted;
        try {
            wanted = Names.list(names);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        List<NamedFd> got = new ArrayList<>();
        try {
            for (String name : wanted) {
                for (OwnedFd fd :
                        new HoldClient(address).ask("get " + name, List.of()).fds()) {
                    got.add(new NamedFd(name, fd));
                }
            }
            ListenFds.give(Spawn.of(command).inheritIo(), got).exec();
        } finally {
            for (NamedFd each : got) {
                each.fd().asFd().close();
            }
        }
        return 0; // not reached: exec ends by an exception, or this program
    }
}
