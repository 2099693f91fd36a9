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

class TooManyInFlightTest {
    /** The kernel refuses once more than the limit are on their way: 64, and ten in each message. */
    private static final int BEFORE_REFUSAL = 70;

    @Test
    @DisplayName(
            "S06: more on their way than a user may have are refused, nothing is lost, and when some came it goes on")
    void sendingGoesOnWhenTheReceiverHasMadeRoom(@TempDir Path directory) throws Exception {
        List<String> expected = new ArrayList<>();
        for (SocketType type : SocketType.values()) {
            for (Door door : Door.values()) {
                expected.add(type + " " + door + ": TooManyReferencesException ETOOMANYREFS after " + BEFORE_REFUSAL);
                expected.add(type + " " + door + ": " + BEFORE_REFUSAL + " came, then 0");
                expected.add(type + " " + door + ": 10 came again");
            }
        }
        expected.add("0 descriptors left behind");

        assertThat(OrdinaryUser.run(directory, SendsTooMany.class).lines()).containsExactlyElementsOf(expected);
    }
}
