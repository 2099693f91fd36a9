package dev.fdpass;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChildInheritsNothingTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R02: a child process started by the receiver does not have the received descriptor")
    void aChildOfProcessBuilder(SocketType type, Door door) throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[1], files.get(0));
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                assertThat(arrival.fds()).hasSize(1);
                Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
                String listing = new String(child.getInputStream().readAllBytes(), UTF_8);
                assertThat(child.waitFor()).isZero();
                assertThat(listing).contains("pipe:").doesNotContain("memfd:file-0");
            }
        }
    }

    /** {@link ProcessBuilder} closes what is not meant for the child; native code in the same process may not. */
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R02: not even one that native code starts, which closes nothing itself")
    void aChildOfNativeCode(SocketType type, Door door) throws Exception {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[1], files.get(0));
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                assertThat(listingOfSpawnedChild()).doesNotContain("memfd:file-0");
                Descriptors.setCloseOnExec(arrival.fds().getFirst().number(), false);
                assertThat(listingOfSpawnedChild())
                        .as("the same child, when close-on-exec is off")
                        .contains("memfd:file-0");
            }
        }
    }

    @SuppressWarnings("restricted") // no other way to start a child that closes nothing
    private String listingOfSpawnedChild() throws IOException {
        Path listing = directory.resolve("listing");
        Linker linker = Linker.nativeLinker();
        MethodHandle spawn = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("posix_spawn"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        MethodHandle wait = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("waitpid"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argv = arena.allocate(ADDRESS, 4);
            argv.setAtIndex(ADDRESS, 0, arena.allocateFrom("sh"));
            argv.setAtIndex(ADDRESS, 1, arena.allocateFrom("-c"));
            argv.setAtIndex(ADDRESS, 2, arena.allocateFrom("ls -l /proc/self/fd > " + listing));
            MemorySegment environment = arena.allocate(ADDRESS, 2);
            environment.setAtIndex(ADDRESS, 0, arena.allocateFrom("PATH=/usr/bin:/bin"));
            MemorySegment pid = arena.allocate(JAVA_INT);
            MemorySegment status = arena.allocate(JAVA_INT);
            int spawned = (int) spawn.invokeExact(
                    pid, arena.allocateFrom("/bin/sh"), MemorySegment.NULL, MemorySegment.NULL, argv, environment);
            assertThat(spawned).isZero();
            int waited = (int) wait.invokeExact(pid.get(JAVA_INT, 0), status, 0);
            assertThat(waited).isEqualTo(pid.get(JAVA_INT, 0));
            assertThat(status.get(JAVA_INT, 0)).as("exit status").isZero();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return Files.readString(listing);
    }
}
