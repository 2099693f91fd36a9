package dev.fdpass.cli.hold;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Ending;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass hold run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Hold descriptors until it ends; and run a service, again and again.",
        description = {
            "",
            "Listens at ADDRESS for fdpass hold put, get, list and remove of the same user. With a COMMAND, starts that as a"
                    + " service that finds NOTIFY_SOCKET in its environment: what it stores there (sd_notify(3), FDSTORE=1"
                    + " FDNAME=…) it is given again, by LISTEN_FDS, when it is started anew. A signal to end goes to it first.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldRunCommand implements Callable<Integer> {
    private static final int MOST = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "Where to listen: the path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "A service, behind --, and its arguments.")
    private @Nullable List<String> command;

    @Option(
            names = "--restart",
            paramLabel = "WHEN",
            defaultValue = "always",
            description =
                    "When to start the service again: always, on-failure (its status is not 0) or never, which ends"
                            + " this too. Default: ${DEFAULT-VALUE}.")
    private String restart;

    @Option(
            names = "--max-fds",
            paramLabel = "N",
            defaultValue = "512",
            description = "Hold so many descriptors at most, 0 to 1048576. Default: ${DEFAULT-VALUE}.")
    private int maxFds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (maxFds < 0 || maxFds > MOST) {
            throw new ParameterException(spec.commandLine(), "--max-fds is " + maxFds + "; it must be 0 to " + MOST);
        }
        Restart when = Restart.of(restart);
        if (when == null) {
            throw new ParameterException(
                    spec.commandLine(), "--restart is '" + restart + "'; it must be always, on-failure or never");
        }
        try (Store store = new Store(maxFds);
                HoldServer server = HoldServer.bind(address, store)) {
            Ending.closes(server);
            if (command == null) {
                server.serve();
                return 0;
            }
            Thread.ofVirtual().name("hold-server").start(() -> {
                try {
                    server.serve();
                } catch (IOException e) {
                    dev.fdpass.cli.Failures.tell(address + " is not served any more: " + e.getMessage());
                }
            });
            try (Service service = new Service(command, store)) {
                Ending.closes(service);
                return service.run(when);
            }
        }
    }
}
