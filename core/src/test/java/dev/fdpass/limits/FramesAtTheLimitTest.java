package dev.fdpass.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramesAtTheLimitTest {
    @Test
    @DisplayName(
            "R03 R04: descriptors that were lost on the way end a connection of frames, and drop a datagram; none leaks")
    void lostDescriptorsAreFatal(@TempDir Path directory) throws Exception {
        assertThat(OrdinaryUser.run(directory, ReceivesFramesAtTheLimit.class).lines())
                .containsExactly(
                        "STREAM: FDS_LOST, then 3 free, closed",
                        "DATAGRAM: FDS_LOST, then 2 free, open",
                        "DATAGRAM: 4 came with the next one",
                        "SEQPACKET: FDS_LOST, then 3 free, closed",
                        "0 descriptors left behind");
    }
}
