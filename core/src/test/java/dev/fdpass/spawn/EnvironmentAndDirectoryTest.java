package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.OwnedFd;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.NamedFd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program has around it. */
class EnvironmentAndDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void theEnvironmentIsThisOneIfNothingIsSaid() throws Exception {
        String here = Files.readString(Path.of("/proc/self/environ"), ISO_8859_1);
        Path copy = directory.resolve("environ");
        Lists.outputOf(Spawn.of("cp", "/proc/self/environ", copy.toString()));
        assertThat(Files.readString(copy, ISO_8859_1)).isEqualTo(here);
    }

    @Test
    void variablesAreSetAndLeftOut() throws Exception {
        Spawn env = Spawn.of("env").environment(Map.of("A", "1", "B", "two words", "C", ""));
        assertThat(Lists.outputOf(env).lines()).containsExactlyInAnyOrder("A=1", "B=two words", "C=");
        assertThat(Lists.outputOf(env.withoutVariable("B").variable("A", "ä=2")).lines())
                .containsExactlyInAnyOrder("A=ä=2", "C=");
        assertThat(Lists.outputOf(Spawn.of("env").withoutVariable("PATH").variable("FDPASS_TEST", "x"))
                        .lines())
                .contains("FDPASS_TEST=x")
                .noneMatch(line -> line.startsWith("PATH="));
    }

    @Test
    void beginsInADirectory() throws Exception {
        assertThat(Lists.outputOf(Spawn.of("pwd", "-P").directory(directory)).strip())
                .isEqualTo(directory.toRealPath().toString());
        Path script = Files.writeString(directory.resolve("here"), "#!/bin/sh\necho from there\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(Lists.outputOf(Spawn.of("./here").directory(directory))).isEqualTo("from there\n");
        assertThat(Lists.outputOf(Spawn.of("./here").directory(directory).processNumberIn("ME")))
                .isEqualTo("from there\n");
    }

    @Test
    void itKnowsItsOwnNumber() throws Exception {
        Spawn program = Spawn.of(
                        "sh", "-c", "test $LISTEN_PID = $$ && printf '<%s>' \"$@\"", "sh", "an 'argument'", "", "$$")
                .processNumberIn("LISTEN_PID");
        assertThat(Lists.outputOf(program)).isEqualTo("<an 'argument'><><$$>");
    }

    @Test
    void severalVariablesHoldItsNumber() throws Exception {
        Spawn program = Spawn.of("sh", "-c", "echo $$ $ONE $TWO $THREE")
                .processNumberIn("ONE")
                .processNumberIn("TWO")
                .processNumberIn("THREE")
                .variable("THREE", "said last")
                .stdoutPipe();
        SpawnedProcess process = program.start();
        try (var reader = process.inputReader()) {
            assertThat(reader.readLine()).isEqualTo("%s %<s %<s said last", process.pid());
        }
        assertThat(process.waitFor()).isZero();
        assertThat(Lists.outputOf(Spawn.of("env")
                        .processNumberIn("ONE")
                        .processNumberIn("TWO")
                        .withoutVariable("ONE")
                        .environment(Map.of("A", "1"))))
                .isEqualTo("A=1\n");
    }

    /** What whoever starts services with a watchdog does. */
    @Test
    void besidesThatOfListenFds() throws Exception {
        try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"))) {
            Spawn program = Spawn.of("sh", "-c", "test $LISTEN_PID = $$ && test $WATCHDOG_PID = $$ && echo $LISTEN_FDS")
                    .processNumberIn("WATCHDOG_PID");
            assertThat(Lists.outputOf(ListenFds.give(program, new NamedFd("log", fd))))
                    .isEqualTo("1\n");
            assertThat(Lists.outputOf(
                            ListenFds.give(program, new NamedFd("log", fd)).processNumberIn("WATCHDOG_PID")))
                    .isEqualTo("1\n");
        }
    }

    /** To which dash is an error, as it is a variable of its own. */
    @Test
    void aVariableOfShellsDoesNotMatter() throws Exception {
        Spawn program = Spawn.of("sh", "-c", "test $ME = $$ && echo ${OPTIND}")
                .variable("OPTIND", "abc")
                .processNumberIn("ME");
        assertThat(Lists.outputOf(program)).isEqualTo("1\n");
    }

    /** Descriptors beyond 9, where shells keep their own, and what they add to the environment. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void whicheverShellItIs(String shell) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin", shell)), shell + " is not installed");
        Path hosts = Path.of("/etc/hosts");
        try (OwnedFd fd = OwnedFd.open(hosts)) {
            Spawn program = Spawn.of(
                            NumberShell.wrap("/bin/" + shell, Lists.program().command(), Set.of(), null, List.of("ME")))
                    .environment(Map.of("X", "1"));
            for (int number = 3; number < 40; number++) {
                program = program.fd(number, fd);
            }
            assertThat(Lists.of(program).keySet()).hasSize(40).contains(3, 9, 10, 11, 39);
            Spawn env = Spawn.of(NumberShell.wrap("/bin/" + shell, List.of("env"), Set.of(), null, List.of("ME")));
            SpawnedProcess process =
                    env.environment(Map.of("X", "1")).stdoutPipe().start();
            try (var reader = process.inputReader()) {
                assertThat(reader.lines().filter(line -> !line.matches("(_|SHLVL)=.*")))
                        .containsExactlyInAnyOrder("X=1", "ME=" + process.pid());
            }
            assertThat(process.waitFor()).isZero();
        }
    }
}
