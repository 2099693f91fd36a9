package dev.fdpass.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Python;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ListenFds#give} gives, by the rules that {@code sd_listen_fds(3)} documents, and to systemd's library. */
class GivenFdsTest {
    private static final String BY_THE_RULES = """
            import os
            count, names = 0, []
            if os.environ.get("LISTEN_PID") == str(os.getpid()):
                count = int(os.environ["LISTEN_FDS"])
                names = os.environ["LISTEN_FDNAMES"].split(":")
            """;
    private static final String BY_THE_LIBRARY = """
            import ctypes, os
            library = ctypes.CDLL("libsystemd.so.0")
            array = ctypes.POINTER(ctypes.c_char_p)()
            count = library.sd_listen_fds_with_names(0, ctypes.byref(array))
            names = [array[i].decode() for i in range(max(count, 0))]
            """;
    private static final String TELLS = """
            print(count, names)
            for i in range(count):
                print(os.readlink("/proc/self/fd/%d" % (3 + i)))
            print(sorted(name for name in os.environ if name.startswith("LISTEN_")))
            """;
    private static final String HAS_LIBRARY = """
            import ctypes
            try:
                ctypes.CDLL("libsystemd.so.0")
                print("yes")
            except OSError as e:
                print(e)
            """;

    @TempDir
    private Path directory;

    @Test
    void aProgramFindsThemByTheRules() throws Exception {
        areFound(BY_THE_RULES);
    }

    @Test
    void theLibraryOfSystemdFindsThem() throws Exception {
        String answer = Python.run(HAS_LIBRARY).outputOfSuccess().strip();
        assumeTrue(answer.equals("yes"), answer + " (Debian package libsystemd0)");
        areFound(BY_THE_LIBRARY);
    }

    private void areFound(String looks) throws Exception {
        try (OwnedFd one = file("one");
                OwnedFd two = file("two")) {
            String output = output(ListenFds.give(
                    python(looks),
                    new NamedFd("b", two),
                    new NamedFd("a b", one),
                    new NamedFd("b", two),
                    new NamedFd("", one)));
            assertThat(output.lines())
                    .containsExactly(
                            "4 ['b', 'a b', 'b', '']",
                            directory.resolve("two").toString(),
                            directory.resolve("one").toString(),
                            directory.resolve("two").toString(),
                            directory.resolve("one").toString(),
                            "['LISTEN_FDNAMES', 'LISTEN_FDS', 'LISTEN_PID']");
        }
    }

    @Test
    void withNoneTheVariablesOfOthersAreLeftOut() throws Exception {
        Spawn others = python(BY_THE_RULES).variable("LISTEN_FDS", "3").variable("LISTEN_PIDFDID", "17");
        assertThat(output(ListenFds.give(others, List.of())).lines()).containsExactly("0 []", "[]");
    }

    @Test
    void aServiceInJavaFindsThem() throws Exception {
        try (OwnedFd one = file("one")) {
            Spawn service = Spawn.of(JavaProgram.onClassPath(LooksForFds.class));
            assertThat(output(ListenFds.give(service, new NamedFd("log", one))).lines())
                    .containsExactly("found ListenFds[log]", "found ListenFds[]", "closed");
        }
    }

    @Test
    void aServiceInJavaFindsThemWithTheInodeOfItsPidfdToo() throws Exception {
        String names = """
                import os, sys
                os.environ["LISTEN_PIDFDID"] = str(os.fstat(os.pidfd_open(os.getpid())).st_ino)
                os.execv(sys.argv[1], sys.argv[1:])
                """;
        try (OwnedFd one = file("one")) {
            List<String> command = new ArrayList<>(pythonCommand(names));
            command.addAll(JavaProgram.onClassPath(LooksForFds.class));
            assertThat(output(ListenFds.give(Spawn.of(command), new NamedFd("log", one)))
                            .lines())
                    .containsExactly("found ListenFds[log]", "found ListenFds[]", "closed");
        }
    }

    /** {@code LISTEN_PID} alone would fit: it is set for the very process. */
    @Test
    void whatIsMeantForAnotherProcessOfThatNumberIsNotTaken() throws Exception {
        assumeTrue(PidFdId.ofSelf().isPresent(), "pidfds have no inodes of their own; that needs Linux 6.9");
        try (OwnedFd one = file("one")) {
            Spawn service = ListenFds.give(
                            Spawn.of(JavaProgram.onClassPath(LooksForFds.class)), new NamedFd("log", one))
                    .variable("LISTEN_PIDFDID", "1"); // that of the pid namespace's first process is more
            assertThat(output(service).lines()).containsExactly("found ListenFds[]", "found ListenFds[]", "unchanged");
        }
    }

    @Test
    void whatIsNotOpenIsSaidAndNothingIsTaken() throws Exception {
        try (OwnedFd one = file("one")) {
            Spawn service = ListenFds.give(
                            Spawn.of(JavaProgram.onClassPath(LooksForFds.class)), new NamedFd("log", one))
                    .variable("LISTEN_FDS", "3000")
                    .withoutVariable("LISTEN_FDNAMES");
            List<String> lines = output(service).lines().toList();
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .matches(
                            "descriptor \\d+ \\(\"unknown\"\\) is (not open|close-on-exec, .*|an archive of this JVM, .*); the environment variable"
                                    + " LISTEN_FDS announces 3000 from 3 on");
            assertThat(lines.subList(1, 3)).containsExactly(lines.get(0), "unchanged");
        }
    }

    @Test
    void whatHasAnOwnerAlreadyIsNotTakenTwice() throws Exception {
        try (OwnedFd one = file("one")) {
            Spawn service = ListenFds.give(
                    Spawn.of(JavaProgram.onClassPath(LooksForFds.class, "adopts")), new NamedFd("log", one));
            assertThat(output(service).lines())
                    .hasSize(4)
                    .contains("has 3 already", "unchanged")
                    .anyMatch(line -> line.startsWith("descriptor 3 (\"log\") is close-on-exec"));
        }
    }

    @Test
    void whatIsThereAlreadyIsNotReplaced() throws Exception {
        try (var pair = UnixStream.pair()) {
            Spawn program = Spawn.of("true").fd(4, pair.first());
            assertThatThrownBy(() ->
                            ListenFds.give(program, new NamedFd("a", pair.second()), new NamedFd("b", pair.second())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("descriptor 4 already");
        }
    }

    private OwnedFd file(String name) throws Exception {
        return OwnedFd.open(Files.createFile(directory.resolve(name)), StandardOpenOption.READ);
    }

    private static Spawn python(String looks) throws Exception {
        return Spawn.of(pythonCommand(looks + TELLS));
    }

    /** Through its own name: a wrapper in the {@code PATH} may be a shell that opens what it likes. */
    private static List<String> pythonCommand(String program) throws Exception {
        String python = Python.run("import sys; print(sys.executable)")
                .outputOfSuccess()
                .strip();
        return List.of(python, "-S", "-c", program);
    }

    private static String output(Spawn spawn) throws Exception {
        Process process = spawn.inheritIo().stdoutPipe().start();
        try (InputStream output = process.getInputStream()) {
            return new String(output.readAllBytes(), UTF_8);
        } finally {
            process.waitFor();
        }
    }
}
