package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.Python;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PidFdIdTest {
    private static final String INODE = """
            import os, sys
            print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)
            """;

    @Test
    void othersSeeTheSame() throws Exception {
        OptionalLong own = PidFdId.ofSelf();
        assumeTrue(own.isPresent(), "pidfds have no inodes of their own; that needs Linux 6.9");
        String seen = Python.run(INODE, ProcessHandle.current().pid())
                .outputOfSuccess()
                .strip();
        assertThat(Long.toString(own.getAsLong())).isEqualTo(seen);
    }
}
