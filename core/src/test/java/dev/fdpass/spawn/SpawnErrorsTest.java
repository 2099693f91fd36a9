package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said with the program, the directory or the number that it is wrong with. */
class SpawnErrorsTest {
    @TempDir
    private Path directory;

    private OwnedFd fd;

    @BeforeEach
    void open() throws Exception {
        fd = OwnedFd.open(Path.of("/dev/null"));
    }

    @org.junit.jupiter.api.AfterEach
    void close() throws Exception {
        fd.close();
    }

    @Test
    void whereTheProgramIsCanBeAskedBeforeItIsStarted() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        assertThat(Spawn.of("sh").program()).isAbsolute().isExecutable().hasFileName("sh");
        assertThat(Spawn.of("/bin/sh", "-c", "true").program()).isEqualTo(Path.of("/bin/sh"));
        for (String missing : List.of("/no/such/program", "no-such-program", script.toString())) {
            assertThatThrownBy(Spawn.of(missing)::program)
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining(missing);
        }
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(Spawn.of(script.toString()).program()).isEqualTo(script);
        assertThat(Spawn.of("./script").directory(directory).program()).hasFileName("script");
    }

    @Test
    void thereIsNoSuchProgram() {
        assertThatThrownBy(Spawn.of("no-such-program")::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no-such-program");
        assertThatThrownBy(Spawn.of("/no/such/program").fd(3, fd)::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("/no/such/program");
        assertThatThrownBy(Spawn.of("")::start).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(Spawn.of("no-such-program").processNumberIn("ME")::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no-such-program");
        assertThatThrownBy(Spawn.of("no-such-program")::exec)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void itIsNoProgram() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        assertThatThrownBy(Spawn.of(plain.toString())::start)
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(plain.toString());
        assertThat(plain.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(Spawn.of(plain.toString())::start)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("ENOEXEC"))
                .hasMessageContaining(plain.toString());
        Path script = Files.writeString(directory.resolve("script"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(Spawn.of(script.toString())::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("interpreter");
    }

    @Test
    void theDirectoryIsNone() throws Exception {
        assertThatThrownBy(Spawn.of("true").directory(directory.resolve("none"))::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(Spawn.of("true").directory(file)::start)
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("file");
        assertThatThrownBy(Spawn.of("true").directory(file)::exec).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> Spawn.of("true").directory(null)).isInstanceOf(NullPointerException.class);
        try (FileSystem archive = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Spawn.of("true").directory(archive.getPath("/")))
                    .withMessageContaining("default file system");
        }
    }

    @Test
    void thereIsTooMuch() {
        String megabyte = "x".repeat(1 << 20);
        assertThatThrownBy(Spawn.of("true", megabyte)::start)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("E2BIG"))
                .hasMessageContaining("true with 2 arguments and an environment of");
        assertThatThrownBy(Spawn.of("true").variable("BIG", megabyte)::exec)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("E2BIG"));
    }

    @Test
    void aDescriptorIsClosed() throws Exception {
        fd.close();
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        Spawn.of("true").fd(5, fd)::start, Spawn.of("true").fd(5, fd)::exec)) {
            assertThatThrownBy(attempt)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("descriptor 5")
                    .hasMessageContaining("is closed")
                    .hasCauseInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aNumberIsTooHigh() {
        assertThatThrownBy(Spawn.of("true").fd(2_000_000_000, fd)::start)
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining("RLIMIT_NOFILE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").fd(-1, fd))
                .withMessageContaining("0 or more");
    }

    @Test
    void twoForOneNumberAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").fd(3, fd).fd(3, fd))
                .withMessageContaining("descriptor 3 already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").fd(0, fd).stdinPipe())
                .withMessageContaining("descriptor 0 already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").stdoutPipe().fd(1, fd))
                .withMessageContaining("a pipe");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").stderrToStdout().fd(2, fd))
                .withMessageContaining("descriptor 2 already: the standard output");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").stderrPipe().stderrToStdout())
                .withMessageContaining("a pipe");
    }

    @Test
    void itSaysWhatItHas() {
        assertThat(Spawn.of("cat", "-n").fd(4, fd).fd(3, fd).stdoutPipe())
                .hasToString("Spawn[cat, -n] with descriptors [3, 4] and pipes [1]");
    }

    @Test
    void textThatTheKernelCannotHave() {
        assertThatIllegalArgumentException().isThrownBy(Spawn::of).withMessageContaining("empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true", "a\0b"))
                .withMessageContaining("NUL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").variable("A=B", "x"))
                .withMessageContaining("'='");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").environment(Map.of("A", "x\0")))
                .withMessageContaining("A contains a NUL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").withoutVariable(""))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spawn.of("true").processNumberIn("1;reboot"))
                .withMessageContaining("letters");
        assertThatThrownBy(() -> Spawn.of("true").fd(3, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Spawn.of(Collections.singletonList(null))).isInstanceOf(NullPointerException.class);
    }
}
