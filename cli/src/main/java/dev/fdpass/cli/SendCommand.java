package dev.fdpass.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fdpass send}. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Send open files to whoever listens at an address.",
        description = {
            "",
            "Opens each FILE to read, and sends all of them in one message. Directories and devices can be sent too. To"
                    + " send a file that is open in another way, open it in the shell: fdpass send @x fd:3 3>>log",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class SendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Where where;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "A path, or fd:N for a descriptor that fdpass inherited. Up to 253.")
    private List<String> files;

    @Option(
            names = "--data",
            paramLabel = "TEXT",
            description = "What to send along, in UTF-8. Default: nothing, or on a stream, which cannot carry files"
                    + " without, one zero byte.")
    private @Nullable String text;

    @Option(names = "--data-file", paramLabel = "F", description = "Send the content of this file along instead.")
    private @Nullable Path dataFile;

    @Option(
            names = "--listen",
            description = "Listen at the address, and send to the first who connects. Not for datagrams.")
    private boolean listen;

    @Override
    public Integer call() throws IOException {
        Sending sending = sending();
        @Nullable String problem = sending.problem();
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        sending.run();
        return 0;
    }

    Sending sending() {
        return new Sending(
                where.address(),
                files,
                where.type(),
                text,
                dataFile,
                listen,
                where.limit().timeout());
    }
}
