package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The check comes from the class path by itself. If it no longer did, every other test would pass for less. */
class EveryTestIsCheckedForLeaksTest {
    private static final List<OwnedFd> LEFT_OPEN = new ArrayList<>();

    @Test
    void oneThatLeavesADescriptorOpenFails() throws Exception {
        try {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(LeavesOneOpen.class))
                    .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                    .configurationParameter(DescriptorLeakCheck.PATIENCE_PARAMETER, "1")
                    .execute()
                    .testEvents()
                    .assertStatistics(statistics -> statistics.started(1).failed(1));
            assertThat(LEFT_OPEN).hasSize(1);
        } finally {
            for (OwnedFd fd : LEFT_OPEN) {
                fd.close();
            }
            LEFT_OPEN.clear();
        }
    }

    /** Not for the build: only the test above runs it, and expects it to fail. */
    static class LeavesOneOpen {
        @Test
        void leak() throws Exception {
            LEFT_OPEN.add(OwnedFd.open(Path.of("/dev/null")));
        }
    }
}
