package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fdpass varlink}: a service and its clients, each in a process of its own. */
class VarlinkTest {
    private static final String DESCRIPTION = """
            # Files of the test.
            interface org.example.files

            method Open(path: string) -> (file: int)

            method Append(file: int, text: string) -> ()

            method Fail() -> ()

            error NotFound (path: string)
            """;

    private static final String COMMAND = """
            read parameters
            case $VARLINK_METHOD in
                *.Open) case $parameters in
                    *nothing*) echo '{"error":"org.example.files.NotFound","parameters":{"path":"nothing"}}'; exit 1;;
                    esac
                    echo '{"file":0}';;
                *.Append) echo "$VARLINK_FDS $parameters" >&3;;
                *) exit 7;;
            esac
            """;

    @TempDir
    private Path directory;

    private Program serve(String address) throws Exception {
        Path description = Files.writeString(directory.resolve("files.varlink"), DESCRIPTION);
        Program service = Program.fdpass(
                "varlink", "serve", address, description.toString(), "--fd", "/etc/hosts", "--", "sh", "-c", COMMAND);
        Bound.await(address);
        return service;
    }

    @Test
    void aCommandAnswersCallsWithDescriptorsBothWays() throws Exception {
        String address = Bound.fresh();
        try (Program service = serve(address)) {
            String method = "org.example.files.Open";
            try (Program call =
                    Program.fdpass("varlink", "call", "unix:" + address, method, "{\"path\":\"x\"}", "--cat")) {
                assertThat(call.status()).as(call.errors() + service.errors()).isZero();
                assertThat(call.output()).isEqualTo("{\"file\":0}\n" + Files.readString(Path.of("/etc/hosts")));
            }
            try (Program call = Program.fdpass("varlink", "call", address, method, "--timeout=60s", "--more")) {
                assertThat(call.status()).as(call.errors() + service.errors()).isZero();
                assertThat(call.output()).isEqualTo("{\"file\":0}\n");
                assertThat(call.errors())
                        .startsWith("fdpass: descriptor 0 is a regular file (read), ")
                        .endsWith("/etc/hosts\n");
            }
            Path log = directory.resolve("log");
            String append = "'" + String.join("' '", Program.fdpassCommand()) + "' varlink call " + address
                    + " org.example.files.Append '{\"file\":0,\"text\":\"x\"}' --fd fd:5 5>>" + log;
            try (Program call = Program.shell(append)) {
                assertThat(call.status()).as(call.errors() + service.errors()).isZero();
                assertThat(call.output()).isEqualTo("{}\n");
                assertThat(log).hasContent("1 {\"file\":0,\"text\":\"x\"}");
            }
        }
    }

    @Test
    void anErrorEndsWithStatus4() throws Exception {
        String address = Bound.fresh();
        try (Program service = serve(address)) {
            assertThat(service.pid()).isPositive();
            fails(address, "Open", "{\"path\":\"nothing\"}", "org.example.files.NotFound {\"path\":\"nothing\"}");
            fails(address, "Fail", "{}", "dev.fdpass.varlink.InternalError");
            fails(address, "Nothing", "{}", "org.varlink.service.MethodNotFound");
        }
        fails(Bound.fresh(), "Open", "{}", "onnect");
    }

    private static void fails(String address, String method, String parameters, String problem) throws Exception {
        try (Program call = Program.fdpass("varlink", "call", address, "org.example.files." + method, parameters)) {
            assertThat(call.status()).as(call.errors()).isEqualTo(4);
            assertThat(call.errors()).startsWith("fdpass: ").contains(problem).hasLineCount(1);
            assertThat(call.output()).isEmpty();
        }
    }

    @Test
    void aServiceIsIntrospected() throws Exception {
        String address = Bound.fresh();
        try (Program service = serve(address)) {
            assertThat(service.pid()).isPositive();
            try (Program info = Program.fdpass("varlink", "introspect", address)) {
                assertThat(info.status()).as(info.errors()).isZero();
                assertThat(info.output()).endsWith("interfaces:\n  org.varlink.service\n  org.example.files\n");
            }
            try (Program info = Program.fdpass("varlink", "introspect", address, "--json")) {
                assertThat(info.status()).as(info.errors()).isZero();
                assertThat(info.output()).startsWith("{\"vendor\":\"fdpass\",").hasLineCount(1);
            }
            try (Program text = Program.fdpass("varlink", "introspect", address, "org.example.files")) {
                assertThat(text.status()).as(text.errors()).isZero();
                assertThat(text.output()).isEqualTo(DESCRIPTION);
            }
            try (Program text = Program.fdpass("varlink", "introspect", address, "org.example.nothing")) {
                assertThat(text.status()).isEqualTo(4);
                assertThat(text.errors()).contains("org.varlink.service.InterfaceNotFound");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "varlink, what to do is missing: call; introspect or serve",
        "varlink nonsense, nonsense",
        "varlink call @x, METHOD",
        "varlink call @x Open, has no interface",
        "varlink call @x a.b.C [], no JSON object",
        "varlink call @x a.b.C {, no JSON",
        "varlink call @x a.b.C --fd fd:x, neither a path nor fd:",
        "varlink call @x a.b.C --more --oneway, exclude each other",
        "varlink serve @x file, COMMAND",
        "varlink introspect, ADDRESS"
    })
    void aWrongCommandLineEndsWith2(String arguments, String problem) throws Exception {
        try (Program fdpass = Program.fdpass(arguments.split(" "))) {
            assertThat(fdpass.status()).as(fdpass.errors()).isEqualTo(2);
            assertThat(fdpass.errors())
                    .startsWith("fdpass: ")
                    .contains(problem.replace(';', ','))
                    .endsWith("--help)\n")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"call @x a.b.C", "serve @x file"})
    void moreFilesThanAMessageCarriesAreRefused(String arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(("varlink " + arguments).split(" ", -1)));
        for (int i = 0; i < 254; i++) {
            all.add("--fd=/etc/hosts");
        }
        all.addAll(arguments.startsWith("serve") ? List.of("--", "true") : List.of());
        try (Program fdpass = Program.fdpass(all.toArray(String[]::new))) {
            assertThat(fdpass.status()).as(fdpass.errors()).isEqualTo(2);
            assertThat(fdpass.errors()).contains("254 files; one message carries at most 253");
        }
    }

    @Test
    void aDescriptionThatIsNoneIsRefusedWithItsPlace() throws Exception {
        Path description = Files.writeString(directory.resolve("bad.varlink"), "interface a.b\nmethod m() -> ()");
        try (Program service =
                Program.fdpass("varlink", "serve", Bound.fresh(), description.toString(), "--", "true")) {
            assertThat(service.status()).isEqualTo(1);
            assertThat(service.errors()).contains("bad.varlink: line 2, column 8: expected the name of the method");
        }
    }

    @Test
    void aDescriptionThatIsNotThereIsSaidToBeSo() throws Exception {
        Path missing = directory.resolve("missing.varlink");
        try (Program service = Program.fdpass("varlink", "serve", Bound.fresh(), missing.toString(), "--", "true")) {
            assertThat(service.status()).isEqualTo(4);
            assertThat(service.errors())
                    .isEqualTo("fdpass: open " + missing + ": ENOENT (No such file or directory)\n");
        }
    }
}
