package dev.fdpass.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Door;
import dev.fdpass.testing.SocketType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiverAtItsLimitTest {
    @Test
    @DisplayName(
            "R04: who may have 2, 1 or 0 more descriptors gets the first 2, 1 or 0, the payload, and is told; later all")
    void asManyComeAsThereAreNumbers(@TempDir Path directory) throws Exception {
        List<String> expected = new ArrayList<>();
        for (SocketType type : SocketType.values()) {
            for (Door door : Door.values()) {
                for (int free = 2; free >= 0; free--) {
                    expected.add(type + " " + door + ", " + free + " free: \"payload\" and " + free
                            + ", truncated, then " + free + " free");
                    expected.add(type + " " + door + ", enough free: \"again\" and 4");
                }
            }
        }
        expected.add("0 descriptors left behind");

        assertThat(OrdinaryUser.run(directory, ReceivesAtTheLimit.class).lines())
                .containsExactlyElementsOf(expected);
    }
}
