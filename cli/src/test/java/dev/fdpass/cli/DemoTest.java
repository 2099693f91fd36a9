package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void everyProofHolds() throws Exception {
        try (Program demo = Program.fdpass("demo")) {
            assertThat(demo.status()).as(demo.output() + demo.errors()).isZero();
            assertThat(demo.errors()).isEmpty();
            assertThat(demo.output()).endsWith("15 of 15 proofs hold." + System.lineSeparator());
            for (SocketType type : SocketType.values()) {
                assertThat(demo.output())
                        .containsPattern(type + " +regular file .*proved .*same inode")
                        .containsPattern(type + " +pipe end .*write .*proved .*same inode")
                        .containsPattern(type + " +eventfd .*proved .*42")
                        .containsPattern(type + " +memfd .*proved .*same inode")
                        .containsPattern(type + " +listening TCP socket .*proved .*accepted by process");
            }
        }
    }
}
