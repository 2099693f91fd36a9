package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The quick reading of {@code send} and picocli's are the same, or the quick one gives way. */
class QuickSendTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "send @a /x",
                "send @a /x /y fd:3",
                "send --listen @a --data hello /x",
                "send @a /x --data=hello=world --type=seqpacket",
                "send @a --type datagram --data= /x",
                "send /a/b /x --data-file /y --timeout 5s",
                "send @a --timeout=PT1M30S /x --type stream"
            })
    void agreesWithPicocli(String line) {
        String[] words = line.split(" ");
        assertThat(QuickSend.read(words)).isNotNull().isEqualTo(readByPicocli(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send",
                "send @a",
                "send --help",
                "send @a /x --help",
                "send @a /x --nonsense y",
                "send @a /x --data",
                "send @a /x --data -y",
                "send @a /x --data y --data z",
                "send @a /x --listen --listen",
                "send @a /x --listen=false",
                "send @a /x --type foo",
                "send @a /x --timeout 5",
                "send @a fd:x",
                "send @a -- -x",
                "send @ /x",
                "receive @a /x"
            })
    void givesWayToPicocli(String line) {
        assertThat(QuickSend.read(line.split(" "))).isNull();
    }

    private static Sending readByPicocli(String[] words) {
        SendCommand command = new SendCommand();
        List<String> arguments = List.of(words).subList(1, words.length);
        new CommandLine(command).setExpandAtFiles(false).parseArgs(arguments.toArray(new String[0]));
        return command.sending();
    }
}
