package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.FdInfo;
import dev.fdpass.FdPipe;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program gets is what was named, where it was named, and nothing else. */
class ExactlyTheNamedDescriptorsTest {
    @TempDir
    private Path directory;

    private static String identity(AsFd fd) throws IOException {
        FdInfo info = fd.asFd().info();
        return info.device() + ":" + info.inode();
    }

    private OwnedFd file(String name) throws IOException {
        return OwnedFd.open(Files.createFile(directory.resolve(name)));
    }

    /** All but the pipe of the standard output. */
    private static Map<Integer, String> without1(Map<Integer, String> all) {
        all.remove(1);
        return all;
    }

    private static String devNull() throws IOException {
        try (OwnedFd devNull = OwnedFd.open(Path.of("/dev/null"))) {
            return identity(devNull);
        }
    }

    @Test
    void nothingNamedIsDevNull() throws Exception {
        assertThat(without1(Lists.of(Lists.program()))).isEqualTo(Map.of(0, devNull(), 2, devNull()));
    }

    @Test
    @DisplayName("L08: those named, with gaps, high numbers and standard input among them; strays stay here")
    void gapsAndHighNumbers() throws Exception {
        int[] strays = LibcCalls.pipe();
        int high = LibcCalls.duplicate(strays[0]);
        LibcCalls.duplicateTo(strays[0], 150);
        try (OwnedFd a = file("a");
                OwnedFd b = file("b");
                EventFd event = EventFd.create();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Spawn program = Lists.program().fd(200, b).fd(0, a).fd(5, event).fd(9, pair.first());
            assertThat(without1(Lists.of(program)))
                    .isEqualTo(Map.of(
                            0,
                            identity(a),
                            2,
                            devNull(),
                            5,
                            identity(event),
                            9,
                            identity(pair.first()),
                            200,
                            identity(b)));
            assertThat(OpenFiles.flags(a.number()) & OpenFiles.CLOSE_ON_EXEC).isNotZero();
        } finally {
            for (int stray : new int[] {strays[0], strays[1], high, 150}) {
                LibcCalls.close(stray);
            }
        }
    }

    @Test
    void numbersThatOverlapWithThoseHere() throws Exception {
        try (OwnedFd a = file("a");
                OwnedFd b = file("b");
                OwnedFd c = file("c")) {
            Spawn crossed = Lists.program()
                    .fd(a.number(), b)
                    .fd(b.number(), c)
                    .fd(c.number(), a)
                    .fd(c.number() + 1, a);
            assertThat(without1(Lists.of(crossed)))
                    .isEqualTo(Map.of(
                            0,
                            devNull(),
                            2,
                            devNull(),
                            a.number(),
                            identity(b),
                            b.number(),
                            identity(c),
                            c.number(),
                            identity(a),
                            c.number() + 1,
                            identity(a)));
            assertThat(without1(Lists.of(Lists.program().fd(a.number(), a))))
                    .containsEntry(a.number(), identity(a))
                    .hasSize(3);
        }
    }

    @Test
    void standardOnesCanBeNamedTooOrInherited() throws Exception {
        try (FdPipe pipe = FdPipe.open();
                OwnedFd a = file("a")) {
            SpawnedProcess process =
                    Lists.program().inheritIo().fd(1, pipe.writeEnd()).fd(0, a).start();
            assertThat(process.waitFor()).isZero();
            pipe.writeEnd().close();
            byte[] said =
                    java.nio.channels.Channels.newInputStream(pipe.readEnd()).readAllBytes();
            Map<Integer, String> got = Lists.parse(new String(said, java.nio.charset.StandardCharsets.UTF_8));
            try (OwnedFd errors = OwnedFd.duplicateOf(2)) {
                assertThat(got).isEqualTo(Map.of(0, identity(a), 1, identity(pipe.readEnd()), 2, identity(errors)));
            }
        }
    }

    @Test
    @DisplayName("L08: many threads at once, each its own, while others open and close what is not close-on-exec")
    void manyThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String name = "file" + i;
                int number = 3 + i % 7;
                tasks.add(() -> {
                    int[] strays = LibcCalls.pipe();
                    try (OwnedFd fd = file(name)) {
                        Map<Integer, String> got = Lists.of(Lists.program().fd(number, fd));
                        assertThat(without1(got)).isEqualTo(Map.of(0, devNull(), 2, devNull(), number, identity(fd)));
                    } finally {
                        LibcCalls.close(strays[0]);
                        LibcCalls.close(strays[1]);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
    }

    /** {@code system(3)} forks and executes: what is not close-on-exec for a moment would be there. */
    @Test
    @DisplayName("L08: children that other code starts meanwhile get nothing")
    void nothingLeaksIntoOthers() throws Exception {
        String isThere = "ls -l /proc/$$/fd | grep -q marker";
        try (OwnedFd marker = file("marker");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int open = LibcCalls.duplicate(marker.number());
            LibcCalls.shell(isThere); // so this is what would be seen
            LibcCalls.close(open);
            Spawn program = Spawn.of("true").fd(3, marker).fd(4, marker).fd(11, marker);
            List<Future<Integer>> started = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                started.add(threads.submit(() -> program.start().waitFor()));
                LibcCalls.shell("! " + isThere);
            }
            for (Future<Integer> status : started) {
                assertThat(status.get()).isZero();
            }
        }
    }
}
