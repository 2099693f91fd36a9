package dev.fdpass.cli.varlink;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Deadline;
import dev.fdpass.cli.Output;
import dev.fdpass.cli.Printable;
import dev.fdpass.varlink.ServiceInfo;
import dev.fdpass.varlink.VarlinkClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code fdpass varlink introspect} does. */
final class Introspecting {
    private Introspecting() {}

    static void run(UnixAddress address, @Nullable String name, boolean json, Deadline deadline) throws IOException {
        String text;
        try (VarlinkClient client = Clients.connect(address, deadline)) {
            text = name == null
                    ? service(Clients.await(client, deadline, "a reply", left -> client.info()), json)
                    : description(Clients.await(client, deadline, "a reply", left -> client.describe(name)), json);
        }
        try (Output out = Output.standard()) {
            out.write(text.getBytes(json ? StandardCharsets.UTF_8 : System.out.charset()));
        }
    }

    private static String service(ServiceInfo info, boolean json) {
        if (json) {
            ObjectNode object = new JsonMapper().valueToTree(info);
            return Json.line(object);
        }
        return "vendor: " + Printable.of(info.vendor())
                + "\nproduct: " + Printable.of(info.product())
                + "\nversion: " + Printable.of(info.version())
                + "\nurl: " + Printable.of(info.url())
                + "\ninterfaces:\n"
                + info.interfaces().stream()
                        .map(each -> "  " + Printable.of(each) + "\n")
                        .collect(Collectors.joining());
    }

    /** As it came, line by line, but for what a terminal would obey. */
    private static String description(String text, boolean json) {
        if (json) {
            return Json.line(new JsonMapper().createObjectNode().put("description", text));
        }
        return text.lines()
                .map(line -> line.replace("\t", "  "))
                .map(line -> Printable.of(line) + "\n")
                .collect(Collectors.joining());
    }
}
