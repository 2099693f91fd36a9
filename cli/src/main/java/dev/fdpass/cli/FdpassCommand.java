package dev.fdpass.cli;

import dev.fdpass.cli.demo.DemoCommand;
import dev.fdpass.cli.demo.DemoPeerCommand;
import dev.fdpass.cli.hold.HoldCommand;
import dev.fdpass.cli.inspect.InspectCommand;
import dev.fdpass.cli.varlink.VarlinkCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fdpass}, as picocli sees it. */
@Command(
        name = "fdpass",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Pass open files between processes, over Unix-domain sockets.",
        description = {
            "",
            "What travels is not a name and not the content, but the right to use a file as it is open, with its"
                    + " offset and its access mode: files, pipes, sockets, listeners, devices, shared memory.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all went well",
            "1:anything else, such as a proof of the demo that fails",
            "2:the command line is wrong",
            "3:timed out",
            "4:the peer or the system refused"
        },
        footer = {
            "",
            "For example:",
            "  fdpass demo",
            "  fdpass receive @drop --cat &",
            "  fdpass send @drop /etc/hosts --timeout 5s"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class FdpassCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs a command line. */
    static int execute(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /** The command that a command line asks for, as picocli reads it. */
    static CommandLine commandLine(String... arguments) {
        CommandLine fdpass = new CommandLine(new FdpassCommand());
        addCommands(fdpass, arguments.length == 0 ? "" : arguments[0]);
        // @name is an address here, and no file with more arguments.
        return fdpass.setExpandAtFiles(false)
                .setParameterExceptionHandler((failure, all) -> usage(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure));
    }

    private static int usage(ParameterException failure) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        Failures.tell(failure.getMessage() + " (see " + command + " --help)");
        return Failures.USAGE;
    }

    /** Adds the one that is asked for: building a command takes milliseconds, and there is only one to run. */
    private static void addCommands(CommandLine fdpass, String asked) {
        switch (asked) {
            case "send" -> fdpass.addSubcommand(new SendCommand());
            case "receive" -> fdpass.addSubcommand(new ReceiveCommand());
            case "exec" -> fdpass.addSubcommand(new ExecCommand());
            case "hold" -> fdpass.addSubcommand(new HoldCommand());
            case "inspect" -> fdpass.addSubcommand(new InspectCommand());
            case "varlink" -> fdpass.addSubcommand(new VarlinkCommand());
            case "demo" -> fdpass.addSubcommand(new DemoCommand());
            case "demo-peer" -> fdpass.addSubcommand(new DemoPeerCommand());
            default ->
                fdpass.addSubcommand(new DemoCommand())
                        .addSubcommand(new SendCommand())
                        .addSubcommand(new ReceiveCommand())
                        .addSubcommand(new ExecCommand())
                        .addSubcommand(new HoldCommand())
                        .addSubcommand(new InspectCommand())
                        .addSubcommand(new VarlinkCommand())
                        .addSubcommand(new AutoComplete.GenerateCompletion());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what to do is missing: demo, send, receive, exec, hold, inspect or varlink");
    }
}
