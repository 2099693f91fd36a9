package dev.fdpass.cli.varlink;

import dev.fdpass.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fdpass varlink}. */
@Command(
        name = "varlink",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Call Varlink services and be one, with descriptors as systemd passes them.",
        description = {
            "",
            "Calls and replies are JSON objects; a descriptor that goes with one is named in it by its index, from 0.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {VarlinkCallCommand.class, VarlinkIntrospectCommand.class, VarlinkServeCommand.class},
        footer = {
            "",
            "For example:",
            "  fdpass varlink introspect /run/systemd/io.systemd.Machine io.systemd.Machine",
            "  fdpass varlink call @files org.example.files.Append '{\"file\":0}' --fd fd:3 3>>log",
            "  fdpass varlink serve @files files.varlink --fd /etc/hosts -- echo '{\"file\":0}'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class VarlinkCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do is missing: call, introspect or serve");
    }
}
