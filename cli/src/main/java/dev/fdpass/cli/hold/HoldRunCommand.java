package dev.fdpass.cli.hold;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Ending;
import dev.fdpass.cli.Version;
import dev.fdpass.cli.Words;
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
            "",
            "What the service stores again, under whatever name, is held once (but for timers, epoll and inotify instances and"
                    + " devices, which cannot be told apart; and two that opened one file alike and have not moved in it count"
                    + " as one). What hangs up is dropped before it is started"
                    + " anew and when there is no more room, unless it was stored with FDPOLL=0; what was put stays.",
            "",
            "Without COMMAND it ends when it is told to. With one, it ends with the status of the service, once that is not"
                    + " started again; that may be 1 to 4 too, which otherwise mean what fdpass --help says. Once the service"
                    + " was started, nothing else ends it: what fails is told on standard error and tried again.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldRunCommand implements Callable<Integer> {
    private static final int USUAL = 512;

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
            converter = Restart.ToRestart.class,
            defaultValue = "always",
            description =
                    "When to start the service again: always, on-failure (its status is not 0) or never, which ends"
                            + " this too. Default: ${DEFAULT-VALUE}.")
    private Restart restart;

    @Option(
            names = "--max-fds",
            paramLabel = "N",
            description =
                    "Hold so many descriptors at most, 0 to a third of what RLIMIT_NOFILE leaves. Default: 512, or"
                            + " as many of them as that is.")
    private @Nullable Integer maxFds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> program = command;
        Words.check(program == null ? List.of() : program, spec);
        try (Store store = new Store(limit());
                HoldServer server = HoldServer.bind(address, store)) {
            if (program == null) {
                server.serve();
                return 0;
            }
            Thread.ofPlatform().daemon().name("hold-server").start(server::serve);
            try (Service service = Ending.opens(() -> new Service(program, store))) {
                return service.run(restart);
            }
        }
    }

    private int limit() throws IOException {
        int most = OpenFileLimit.mostHeld();
        if (most == 0) {
            throw new IOException("RLIMIT_NOFILE is " + OpenFileLimit.soft()
                    + ", which leaves no number for a descriptor to be held; raise it (ulimit -Hn)");
        }
        if (maxFds == null) {
            return Math.min(USUAL, most);
        }
        if (maxFds < 0 || maxFds > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-fds is " + maxFds + "; it must be 0 to " + most + ", as RLIMIT_NOFILE is "
                            + OpenFileLimit.soft());
        }
        return maxFds;
    }
}
