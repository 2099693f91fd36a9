package dev.fdpass.examples.hotrestart.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandInputTest {
    @Test
    void nothingBehindTheLineIsRead() throws Exception {
        ByteArrayInputStream input = input("restart -Dx=ä\nstop\n");
        assertThat(new CommandInput(input).nextLine()).isEqualTo("restart -Dx=ä");
        assertThat(new String(input.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("stop\n");
    }

    @Test
    void theEndMeansStopAndTheLastLineNeedsNone() throws Exception {
        CommandInput input = new CommandInput(input("\nrestart"));
        assertThat(input.nextLine()).isEmpty();
        assertThat(input.nextLine()).isEqualTo("restart");
        assertThat(input.nextLine()).isEqualTo("stop");
    }

    private static ByteArrayInputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
