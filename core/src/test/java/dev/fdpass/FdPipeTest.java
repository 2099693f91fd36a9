package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.OpenFiles;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A pipe whose ends can be passed. */
class FdPipeTest {
    @Test
    void whatGoesInComesOutAndThenTheEnd() throws Exception {
        try (FdPipe pipe = FdPipe.open()) {
            assertThat(pipe.writeEnd().write(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                    .isEqualTo(3);
            pipe.writeEnd().close();
            ByteBuffer in = ByteBuffer.allocate(8);
            assertThat(pipe.readEnd().read(in)).isEqualTo(3);
            assertThat(in.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(pipe.readEnd().read(in.clear())).isEqualTo(-1);
        }
    }

    @Test
    void bothEndsAreCloseOnExecAndClosedTogether() throws Exception {
        int before = OpenFiles.count();
        FdPipe pipe = FdPipe.open();
        assertThat(OpenFiles.flags(pipe.readEnd().number()) & OpenFiles.CLOSE_ON_EXEC)
                .isNotZero();
        assertThat(OpenFiles.flags(pipe.writeEnd().number()) & OpenFiles.CLOSE_ON_EXEC)
                .isNotZero();
        pipe.close();
        pipe.close();
        assertThat(OpenFiles.count()).isEqualTo(before);
    }
}
