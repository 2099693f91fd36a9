package dev.fdpass.cli.hold;

import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Converters;
import dev.fdpass.cli.Output;
import dev.fdpass.cli.Printable;
import dev.fdpass.cli.Table;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fdpass hold list}. */
@Command(name = "list", mixinStandardHelpOptions = true, versionProvider = Version.class, header = "Show what is held.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldListCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = Converters.ToAddress.class,
            description = "Where fdpass hold run listens: the path of a socket, or @ and an abstract name.")
    private UnixAddress address;

    @Override
    public Integer call() throws IOException {
        HoldClient.Answer answer = new HoldClient(address).ask("list", List.of());
        Table table = new Table("NAME", "KIND", "ACCESS", "PATH");
        for (String line : answer.text().lines().toList()) {
            Held held = Held.parse(line);
            table.row(held.name(), held.kind(), held.access(), Printable.of(held.path()));
        }
        try (Output out = Output.standard()) {
            out.write(table.toString().getBytes(System.out.charset()));
        }
        return 0;
    }
}
