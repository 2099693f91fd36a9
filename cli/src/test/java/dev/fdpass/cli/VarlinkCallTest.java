package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code fdpass varlink call} refuses before it calls anybody, and how it shows what a stranger replied. */
class VarlinkCallTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "@x             | a.b.   | {}              | 'a.b.' has no interface",
                "@x             | a.b.C  | {} {}           | no JSON",
                "@x             | a.b.C  | {\"a\":1,\"a\":2} | no JSON",
                "@x             | a.b.C  | {\"a\":\"\\ud800\"} | no JSON",
                "tcp:[::1]:80   | a.b.C  | {}              | of another transport",
                "exec:/bin/true | a.b.C  | {}              | of another transport",
                "unix:/x;mode=0 | a.b.C  | {}              | none are known here",
            })
    void whatCanBeNoCallEndsWith2(String address, String method, String parameters, String problem) throws Exception {
        try (Program call = Program.fdpass("varlink", "call", address, method, parameters)) {
            assertThat(call.status()).as(call.errors()).isEqualTo(2);
            assertThat(call.errors())
                    .startsWith("fdpass: ")
                    .contains(problem)
                    .endsWith("--help)\n")
                    .hasLineCount(1);
        }
    }

    @Test
    void parametersThatNestTooDeepEndWith2() throws Exception {
        String parameters = "{\"a\":".repeat(300) + "1" + "}".repeat(300);
        try (Program call = Program.fdpass("varlink", "call", "@x", "a.b.C", parameters)) {
            assertThat(call.status()).as(call.errors()).isEqualTo(2);
            assertThat(call.errors()).contains("nest").hasLineCount(1);
        }
    }

    @Test
    void whoMustAskForMoreIsToldHow() throws Exception {
        String address = Bound.fresh();
        String script = """
                peer = socket.socket(socket.AF_UNIX)
                peer.bind("\\0" + sys.argv[1][1:])
                peer.listen()
                client = peer.accept()[0]
                client.recv(1000)
                client.sendall(b'{"error":"org.varlink.service.ExpectedMore"}\\0')
                client.recv(1)
                """;
        try (Program service = Program.python(script, address)) {
            Bound.await(address);
            try (Program call = Program.fdpass("varlink", "call", address, "a.b.C", "--timeout", "60s")) {
                assertThat(call.status()).as(call.errors() + service.errors()).isEqualTo(4);
                assertThat(call.errors()).isEqualTo("fdpass: org.varlink.service.ExpectedMore (call it with --more)\n");
            }
        }
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() throws Exception {
        String address = Bound.fresh();
        String script = """
                peer = socket.socket(socket.AF_UNIX)
                peer.bind("\\0" + sys.argv[1][1:])
                peer.listen()
                client = peer.accept()[0]
                client.recv(1000)
                client.sendall('{"parameters":{"\\x9b31m":"\\x7f\\u202eü"}}\\0'.encode())
                client.recv(1)
                """;
        try (Program service = Program.python(script, address)) {
            Bound.await(address);
            try (Program call = Program.fdpass("varlink", "call", address, "a.b.C", "--timeout", "60s")) {
                assertThat(call.status()).as(call.errors() + service.errors()).isZero();
                assertThat(call.output()).isEqualTo("{\"\\u009b31m\":\"\\u007f\\u202eü\"}\n");
            }
        }
    }
}
