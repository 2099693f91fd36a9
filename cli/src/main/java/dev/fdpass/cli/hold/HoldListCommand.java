package dev.fdpass.cli.hold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.cli.Output;
import dev.fdpass.cli.Printable;
import dev.fdpass.cli.Table;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fdpass hold list}. */
@Command(name = "list", mixinStandardHelpOptions = true, versionProvider = Version.class, header = "Show what is held.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
final class HoldListCommand implements Callable<Integer> {
    @Mixin
    private Asking asking;

    @Option(names = "--json", description = "Print one JSON object a descriptor instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Held> all = new ArrayList<>();
        for (String line : asking.client().ask("list", List.of()).text().lines().toList()) {
            all.add(Held.parse(line));
        }
        String text = json ? json(all) : table(all);
        try (Output out = Output.standard()) {
            out.write(text.getBytes(json ? StandardCharsets.UTF_8 : System.out.charset()));
        }
        return 0;
    }

    private static String table(List<Held> all) {
        Table table = new Table("NAME", "KIND", "ACCESS", "PATH");
        for (Held held : all) {
            table.row(held.name(), Printable.of(held.kind()), Printable.of(held.access()), Printable.of(held.path()));
        }
        return table.toString();
    }

    private static String json(List<Held> all) throws IOException {
        StringWriter text = new StringWriter();
        JsonFactory json = new JsonFactory();
        for (Held held : all) {
            try (JsonGenerator out = json.createGenerator(text)) {
                out.writeStartObject();
                out.writeStringField("name", held.name());
                out.writeStringField("kind", held.kind());
                out.writeStringField("access", held.access());
                out.writeStringField("path", held.path());
                out.writeEndObject();
            }
            text.append('\n');
        }
        return text.toString();
    }
}
