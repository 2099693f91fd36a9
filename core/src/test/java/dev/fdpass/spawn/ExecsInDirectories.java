package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.OpenFiles;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tries to become programs that begin elsewhere, after which it is where it was; then becomes {@code pwd}. */
final class ExecsInDirectories {
    private static final int LAST = 64;

    private ExecsInDirectories() {}

    public static void main(String... arguments) throws Exception {
        Path one = Path.of(arguments[1]);
        String here = here();
        try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"))) {
            int before = OpenFiles.count();
            if (arguments[0].equals("one")) {
                assertThatThrownBy(missing(fd, one)::exec)
                        .isInstanceOf(NoSuchFileException.class)
                        .hasMessageContaining("no-such-program");
            } else {
                attemptAtOnce(missing(fd, one), missing(fd, Path.of(arguments[2])));
            }
            assertThat(here()).isEqualTo(here);
            OpenFiles.awaitCount(before);
            at(Spawn.of("pwd", "-P"), fd).inheritIo().directory(one).exec();
        }
    }

    private static Spawn missing(OwnedFd fd, Path directory) {
        return at(Spawn.of("no-such-program"), fd).directory(directory);
    }

    private static String here() throws Exception {
        return Path.of("/proc/self/cwd").toRealPath().toString();
    }

    /** At every number that something of this process may have, whatever it is. */
    private static Spawn at(Spawn program, OwnedFd fd) {
        Spawn all = program;
        for (int number = 3; number <= LAST; number++) {
            all = all.fd(number, fd);
        }
        return all;
    }

    private static void attemptAtOnce(Spawn... programs) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (Spawn program : programs) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        assertThatThrownBy(program::exec).isInstanceOf(NoSuchFileException.class);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
