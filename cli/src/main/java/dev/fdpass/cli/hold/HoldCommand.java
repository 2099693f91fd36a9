package dev.fdpass.cli.hold;

import dev.fdpass.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fdpass hold}. */
@Command(
        name = "hold",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Keep descriptors while the programs that use them are restarted.",
        description = {
            "",
            "What systemd's file descriptor store does, without systemd: a program puts what it wants to find again, and"
                    + " gets it back by name after it was started anew. An open file, with its position; a listener, with"
                    + " the connections that wait in its queue; a connection itself; memory.",
            "",
            "Only processes of the same user, and root's, may put and get; and nothing is put where anybody else listens.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HoldRunCommand.class,
            HoldPutCommand.class,
            HoldGetCommand.class,
            HoldListCommand.class,
            HoldRemoveCommand.class
        },
        footer = {
            "",
            "For example:",
            "  fdpass hold run @store &",
            "  fdpass hold put @store log fd:3 --timeout=5s 3>>app.log",
            "  fdpass hold get @store log -- sh -c 'echo again >&3'",
            "",
            "  fdpass hold run @store -- ./server      # restarts it, and keeps what it stores with sd_notify(3)"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class HoldCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do is missing: run, put, get, list or remove");
    }
}
