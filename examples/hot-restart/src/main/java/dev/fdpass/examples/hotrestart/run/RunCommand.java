package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.examples.hotrestart.server.ServerCommand;
import dev.fdpass.examples.hotrestart.server.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code examples/hot-restart/run}. */
@Command(
        name = "examples/hot-restart/run",
        header = "Restart an HTTP server under load, and count what its clients notice.",
        description = {
            "",
            "The server gives its listening socket and then its open connections to a successor, and ends. wrk loads it"
                    + " over loopback on connections that stay open. Of the other clients one opens a connection for"
                    + " every request, and " + KeptConnections.CLIENTS
                    + " keep theirs and number their requests. First nothing is restarted, for comparison; then the server is restarted again and again,"
                    + " without a pause. After each restart another process must answer.",
            "",
            "Failures are connections that are refused or break, and answers that are late (--late). For wrk, which takes"
                    + " any answer, also a status of 400 or more, but not an answer that never comes; for the others"
                    + " also an answer that does not come, comes twice, or is another one than that to the request."
                    + " p99 of restarts is that of all requests of wrk from before the first restart until after the last.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:no request failed",
            "1:one did, or a restart, or it could not be done",
            "2:the command line is wrong"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class RunCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MOST_CONNECTIONS = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many, one after the other; ${DEFAULT-VALUE} if not given.")
    private int restarts;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            defaultValue = "jdk",
            description =
                    "What the server is made of: jdk (ServerSocketChannel and virtual threads, if not given) or netty.")
    private Variant variant;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "32",
            description = "Connections of wrk; ${DEFAULT-VALUE} if not given.")
    private int connections;

    @Option(
            names = "--think",
            paramLabel = "MILLIS",
            defaultValue = "0",
            description =
                    "How long each waits on average before its next request; ${DEFAULT-VALUE} if not given: wrk asks"
                            + " as fast as it can.")
    private int think;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long it is measured undisturbed; ${DEFAULT-VALUE} if not given.")
    private int seconds;

    @Option(
            names = "--late",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description =
                    "After how long an answer is late; ${DEFAULT-VALUE} if not given. More where others use the processors,"
                            + " too.")
    private int late;

    @Option(names = "--json", description = "End standard output with one line of JSON, and write nothing else to it.")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // it is enough that it is there
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /**
     * Shows it, and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new RunCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check("--restarts", restarts, 1, Integer.MAX_VALUE);
        check("--connections", connections, 1, MOST_CONNECTIONS);
        check("--think", think, 0, 1000);
        check("--seconds", seconds, 1, 3600);
        check("--late", late, 1, 3600);
        // Whether standard error is a terminal only the shell can tell.
        Progress progress = new Progress(System.err, Boolean.getBoolean("hotrestart.terminal"));
        if (!Wrk.isThere()) {
            progress.say("run: wrk, which makes the load, is not on the PATH. On Debian: apt-get install wrk");
            return FAILED;
        }
        try {
            Figures figures = show(progress);
            (json ? System.err : System.out).print(figures.table());
            if (json) {
                System.out.println(figures.json());
            }
            return figures.failures() == 0 ? 0 : FAILED;
        } catch (IOException e) {
            progress.say("run: " + e.getMessage());
            return FAILED;
        }
    }

    private Figures show(Progress progress) throws IOException, InterruptedException {
        String folder = System.getProperty("hotrestart.cache");
        if (folder != null) {
            return show(progress, Path.of(folder));
        }
        Path temporary = Files.createTempDirectory("hot-restart-");
        try {
            return show(progress, temporary);
        } finally {
            try (Stream<Path> files = Files.list(temporary)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(temporary);
        }
    }

    private Figures show(Progress progress, Path cacheFolder) throws IOException, InterruptedException {
        ServerCommand command = new ServerCommand(variant, cacheFolder);
        progress.show("preparing for fast starts…", "");
        if (!command.makeCache()) {
            progress.say("run: no AOT cache of class files in folders: restarts take longer");
        }
        Duration undisturbed = Duration.ofSeconds(seconds);
        Duration warmUp = Duration.ofSeconds(Math.max(1, seconds / 3));
        Figures figures = Showing.run(
                command.first(), new Load(connections, think, late), warmUp, undisturbed, restarts, progress);
        progress.say("run: " + variant + ", " + connections + " connections, " + think + " ms to think");
        return figures;
    }

    private void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(spec.commandLine(), option + " " + value + ": give " + least + " to " + most);
        }
    }
}
