package dev.fdpass.cli.hold;

import dev.fdpass.cli.Names;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fdpass hold remove}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Close what is held under a name.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldRemoveCommand implements Callable<Integer> {
    @Mixin
    private Asking asking;

    @Parameters(index = "1", paramLabel = "NAME", converter = Names.ToName.class, description = "What it is called.")
    private String name;

    @Override
    public Integer call() throws IOException {
        Answer answer = asking.client().ask("remove " + name, List.of());
        if (answer.text().equals("0")) {
            throw new IOException("nothing is held as " + name + " at " + asking.address());
        }
        return 0;
    }
}
