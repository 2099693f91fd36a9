package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Python;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program gets what this process was given, also where that is unusual, and not what the JVM made of it. */
class StartedOddlyTest {
    @TempDir
    private Path directory;

    /** A shell command, in which {@code "$@"} is a JVM that passes on what it has to a program. */
    private static ChildProcess.Result run(String shell, String mode, String... program) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(mode));
        arguments.addAll(List.of(program));
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
        command.addAll(ExecTest.command(StartedOddly.class, arguments.toArray(String[]::new)));
        return ChildProcess.run(command);
    }

    /** Otherwise it would have the archives that the JVM opens first. */
    @ParameterizedTest
    @ValueSource(strings = {"exec", "start"})
    void aStandardStreamThatIsMissingIsDevNull(String mode) throws Exception {
        String said = run("\"$@\" <&- 2>&-", mode, "sh", "-c", "readlink /proc/$$/fd/0 /proc/$$/fd/2")
                .outputOfSuccess();
        assertThat(said).isEqualTo("/dev/null\n/dev/null\n");
    }

    @Test
    void aDirectoryInThePathNeedNotBeText() throws Exception {
        String made = "d=\"" + directory + "/$(printf 'a\\377b')\"; mkdir \"$d\";"
                + " printf '#!/bin/sh\\necho so\\n' >\"$d/only-here\"; chmod +x \"$d/only-here\";"
                + " PATH=\"$d:$PATH\" exec \"$@\"";
        assertThat(run(made, "exec", "only-here").outputOfSuccess()).isEqualTo("so\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "start"})
    void norOneThatDoesNotMatter(String mode) throws Exception {
        String elsewhere = "LC_ALL=C PATH=\"/no-directory-$(printf '\\303\\266'):$PATH\" exec \"$@\"";
        assertThat(run(elsewhere, mode, "printf", "so").outputOfSuccess()).isEqualTo("so");
    }

    /** Signals 10 and 17. */
    @Test
    void ignoredSignalsStayIgnoredExceptThatOfChildren() throws Exception {
        String ignoring = "trap '' USR1 CHLD; exec \"$@\"";
        assertThat(ignored(run(ignoring, "start", "grep", "SigIgn", "/proc/self/status")))
                .isEqualTo(0x200);
    }

    private static long ignored(ChildProcess.Result said) {
        return Long.parseLong(said.outputOfSuccess().replaceAll("\\D*(\\p{XDigit}+)\n", "$1"), 16) & 0x10200;
    }

    /** As {@code getenv(3)} has it, and the JVM. */
    @Test
    void ofTwoVariablesWithOneNameTheFirstCounts() throws Exception {
        List<String> command =
                ExecTest.command(StartedOddly.class, "exec", "sh", "-c", "tr '\\0' '\\n' </proc/self/environ");
        String said = Python.run("""
                        import ctypes, sys
                        def array(texts):
                            return (ctypes.c_char_p * (len(texts) + 1))(*[text.encode() for text in texts], None)
                        environment = ["TWICE=first", "TWICE=second", "PATH=/usr/bin:/bin"]
                        ctypes.CDLL(None).execve(sys.argv[1].encode(), array(sys.argv[1:]), array(environment))
                        """, command.toArray()).outputOfSuccess();
        assertThat(said.lines()).contains("TWICE=first").doesNotContain("TWICE=second");
    }
}
