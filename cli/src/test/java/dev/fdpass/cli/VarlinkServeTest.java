package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command of {@code fdpass varlink serve} may do, and how a service that cannot be is refused. */
class VarlinkServeTest {
    private static final String METHOD = "org.example.any.Do";

    @TempDir
    private Path directory;

    private Program serve(String address, String command) throws Exception {
        Path description = Files.writeString(
                directory.resolve("any.varlink"), "interface org.example.any\nmethod Do(x: ?string) -> (y: ?object)\n");
        Program service =
                Program.fdpass("varlink", "serve", address, description.toString(), "--", "sh", "-c", command);
        Bound.await(address);
        return service;
    }

    private static Program call(String address, String parameters) {
        return Program.fdpass("varlink", "call", address, METHOD, parameters, "--timeout", "60s");
    }

    @Test
    void aCommandMaySayMuchBeforeItReadsMuch() throws Exception {
        String address = Bound.fresh();
        String parameters = "{\"x\":\"" + "x".repeat(100_000) + "\"}";
        try (Program service = serve(address, "head -c 200000 /dev/zero | tr '\\0' ' '; cat");
                Program call = call(address, parameters)) {
            assertThat(call.status()).as(call.errors() + service.errors()).isZero();
            assertThat(call.output()).isEqualTo(parameters + "\n");
        }
    }

    @Test
    void aCommandMayGoOnWhenItHasSaidWhatItHasToSay() throws Exception {
        String address = Bound.fresh();
        Path done = directory.resolve("done");
        try (Program service = serve(address, "echo '{}'; exec >&-; sleep 1; echo done >" + done);
                Program call = call(address, "{}")) {
            assertThat(call.status()).as(call.errors() + service.errors()).isZero();
            assertThat(call.output()).isEqualTo("{}\n");
            assertThat(done).hasContent("done");
        }
    }

    @Test
    void numbersStayWhatTheyAre() throws Exception {
        String address = Bound.fresh();
        String parameters = "{\"y\":[1.10,0.1234567890123456789,1E+400,99999999999999999999]}";
        try (Program service = serve(address, "cat");
                Program call = call(address, parameters)) {
            assertThat(call.status()).as(call.errors() + service.errors()).isZero();
            assertThat(call.output()).isEqualTo(parameters + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo '{}' '{}'                | no JSON",
                "echo '{\"y\":1,\"y\":2}'      | no JSON",
                "echo hello                    | no JSON",
                "echo '[]'                     | no JSON object",
                "exit 7                        | status 7",
                "echo no luck; exit 7          | status 7",
                "head -c 2000000 /dev/zero | more than 1048576 bytes",
            })
    void whatIsNoReplyIsAnErrorAndTheServiceSaysWhy(String command, String why) throws Exception {
        String address = Bound.fresh();
        try (Program service = serve(address, command);
                Program call = call(address, "{}")) {
            assertThat(call.status()).as(call.errors() + service.errors()).isEqualTo(4);
            assertThat(call.errors()).isEqualTo("fdpass: dev.fdpass.varlink.InternalError\n");
            assertThat(service.errors())
                    .startsWith("fdpass: " + METHOD + ": ")
                    .contains(why)
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/program", "no-such-program"})
    void aProgramThatIsNotThereIsSaidBeforeAnybodyCalls(String program) throws Exception {
        Path description = Files.writeString(directory.resolve("any.varlink"), "interface a.b\nmethod M() -> ()\n");
        try (Program service =
                Program.fdpass("varlink", "serve", Bound.fresh(), description.toString(), "--", program)) {
            assertThat(service.status()).isEqualTo(4);
            assertThat(service.errors())
                    .startsWith("fdpass: ")
                    .contains(program)
                    .contains("ENOENT")
                    .hasLineCount(1);
        }
    }

    @Test
    void aProgramThatIsGoneIsSaidInALine() throws Exception {
        String address = Bound.fresh();
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("program"));
        Path description = Files.writeString(
                directory.resolve("any.varlink"), "interface org.example.any\nmethod Do(x: ?string) -> ()\n");
        try (Program service =
                Program.fdpass("varlink", "serve", address, description.toString(), "--", program.toString())) {
            Bound.await(address);
            Files.delete(program);
            try (Program call = call(address, "{}")) {
                assertThat(call.status()).isEqualTo(4);
            }
            assertThat(service.errors())
                    .startsWith("fdpass: " + METHOD + ": ")
                    .contains(program.toString())
                    .hasLineCount(1);
        }
    }

    @Test
    void aDescriptionThatCannotBeReadIsSaid() throws Exception {
        Path latin = directory.resolve("latin.varlink");
        Files.write(latin, new byte[] {'#', ' ', (byte) 0xe4, '\n'});
        refused(4, "no such file", directory.resolve("nothing").toString());
        refused(4, "is a directory", directory.toString());
        refused(1, "latin.varlink is no text in UTF-8", latin.toString());
    }

    private static void refused(int status, String why, String description, String... options) throws Exception {
        String[] start = {"varlink", "serve", Bound.fresh(), description};
        String[] arguments = java.util.Arrays.copyOf(start, start.length + options.length + 2);
        System.arraycopy(options, 0, arguments, start.length, options.length);
        arguments[arguments.length - 2] = "--";
        arguments[arguments.length - 1] = "true";
        try (Program service = Program.fdpass(arguments)) {
            assertThat(service.status()).as(service.errors()).isEqualTo(status);
            assertThat(service.errors()).startsWith("fdpass: ").hasLineCount(1).containsIgnoringCase(why);
            assertThat(service.output()).isEmpty();
        }
    }

    @Test
    void moreFilesThanAMessageHoldsAreRefusedBeforeAnybodyCalls() throws Exception {
        Path description = Files.writeString(directory.resolve("a.varlink"), "interface a.b\nmethod M() -> ()\n");
        String[] files = new String[2 * 254];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "--fd";
            files[i + 1] = "/dev/null";
        }
        refused(2, "254 files; one message carries at most 253", description.toString(), files);
    }
}
