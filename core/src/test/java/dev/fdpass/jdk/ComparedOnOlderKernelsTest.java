package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.linux.OlderKernel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whether two descriptors are one open file is told by {@code kcmp}, or by what can be seen, as by newer kernels' question. */
class ComparedOnOlderKernelsTest {
    @Test
    void filesAndSocketsAreToldApart() throws Exception {
        try (OwnedFd file = OwnedFd.open(Path.of("/etc/hosts"));
                OwnedFd sameFile = file.duplicate();
                OwnedFd anotherOpening = OwnedFd.open(Path.of("/etc/hosts"));
                var pair = UnixStream.pair();
                OwnedFd sameSocket = pair.first().asFd().duplicate()) {
            anotherOpening.position(3);
            isTold(file, sameFile, true);
            isTold(file, anotherOpening, false);
            isTold(pair.first().asFd(), sameSocket, true);
            isTold(pair.first().asFd(), pair.second().asFd(), false);
        }
    }

    private static void isTold(OwnedFd fd, OwnedFd other, boolean same) throws Exception {
        assertThat(Kernel.isSameOpenFile(fd.number(), other.number())).isEqualTo(same);
        assertThat(OlderKernel.kcmp(fd.number(), other.number()) == 0).isEqualTo(same);
        assertThat(Kernel.looksTheSame(fd.number(), other.number())).isEqualTo(same);
    }
}
