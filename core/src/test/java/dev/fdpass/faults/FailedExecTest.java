package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Syscall;
import dev.fdpass.strace.Strace;
import dev.fdpass.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code Spawn.exec} does on a thread of its own fails in every way: all threads of a JVM are traced, those to come
 * included. An {@code execve(2)} that succeeds ends the JVM, so its program is one that is not there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailedExecTest {
    static final Set<Syscall> CALLS =
            EnumSet.of(Syscall.CLOSE_RANGE, Syscall.DUP3, Syscall.RT_SIGPROCMASK, Syscall.FCHDIR, Syscall.EXECVE);

    private static final String UNFINISHED = "<unfinished ...>";
    private static final String RESUMED = " resumed>";
    private static final String USUAL = "NoSuchFileException execve ENOENT";
    private static final List<Errno> ERRORS = List.of(
            Errno.EINTR, Errno.EAGAIN, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.EPERM, Errno.EIO);

    @TempDir
    private static Path directory;

    private FaultyJvm program;

    @BeforeAll
    void start() throws Exception {
        Tool.STRACE.assumeInstalled();
        program = new FaultyJvm(directory);
    }

    @AfterAll
    void end() throws Exception {
        if (program != null) {
            program.close();
        }
    }

    static Set<Syscall> calls() {
        return CALLS;
    }

    @ParameterizedTest(name = "L05: {0} fails on the way to another program, and this one goes on")
    @MethodSource("calls")
    void thisProcessGoesOn(Syscall syscall) throws Exception {
        String call = syscall.name().toLowerCase(Locale.ROOT);
        int before = countBefore(call);
        for (Errno error : ERRORS) {
            List<String> log = run(
                    List.of(call + ":error=" + error + ":when=" + (before + 1)),
                    rounds -> assertThat(rounds)
                            .as(call + " " + error)
                            .containsOnly(error == Errno.EINTR ? USUAL : "ErrnoException " + call + " " + error));
            assertThat(threadsThatExecute(log, call + "(", "(INJECTED)"))
                    .as("threads in which it failed")
                    .hasSize(2);
        }
    }

    /** How many such calls libc and the JVM make in a thread that begins. */
    private int countBefore(String call) throws Exception {
        List<String> log = run(List.of(), rounds -> assertThat(rounds).containsOnly(USUAL));
        List<String> threads = threadsThatExecute(log, "execve(", "/no/such/program");
        assertThat(threads).hasSize(2);
        Set<Integer> counts = new java.util.HashSet<>();
        for (String thread : threads) {
            int count = 0;
            for (String line : log) {
                if (line.startsWith(thread + " ") && line.contains("close_range(3,")) {
                    break;
                }
                count += line.startsWith(thread + " ") && line.contains(call + "(") ? 1 : 0;
            }
            counts.add(count);
        }
        assertThat(counts).as("the same in each").hasSize(1);
        return counts.iterator().next();
    }

    /** The numbers of threads that take a table of their own, and have a line with all of the texts. */
    private static List<String> threadsThatExecute(List<String> log, String... texts) {
        List<String> executing = log.stream()
                .filter(line -> line.contains("close_range(3,"))
                .map(FailedExecTest::thread)
                .distinct()
                .toList();
        return log.stream()
                .filter(line -> List.of(texts).stream().allMatch(line::contains))
                .map(FailedExecTest::thread)
                .filter(executing::contains)
                .distinct()
                .toList();
    }

    private static String thread(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    /** What strace wrote down, with the number of the thread first. */
    private List<String> run(List<String> injections, java.util.function.Consumer<List<String>> check)
            throws Exception {
        Path written = directory.resolve("strace.log");
        List<String> calls =
                CALLS.stream().map(call -> call.name().toLowerCase(Locale.ROOT)).toList();
        FaultyJvm.Run run;
        try (Strace strace = Strace.attachToAll(program.pid(), written, calls, injections)) {
            assertThat(strace).isNotNull();
            run = program.run(2, SpawnScenarios.EXEC);
        } catch (Strace.NotAllowedException e) {
            return abort("strace may not attach to a process here: " + e.getMessage());
        }
        assertThat(run.broken()).isEmpty();
        assertThat(run.left()).as("left open").isEmpty();
        check.accept(run.rounds());
        return whole(Files.readAllLines(written));
    }

    /** A call during which another thread did something stands in two lines, of which the second says how it ended. */
    private static List<String> whole(List<String> lines) {
        Map<String, String> begun = new HashMap<>();
        List<String> whole = new ArrayList<>();
        for (String line : lines) {
            String thread = thread(line);
            if (line.endsWith(UNFINISHED)) {
                begun.put(thread, line.substring(0, line.length() - UNFINISHED.length()));
            } else if (line.contains(RESUMED)) {
                String end = line.substring(line.indexOf(RESUMED) + RESUMED.length());
                whole.add(begun.getOrDefault(thread, thread + " ") + end);
                begun.remove(thread);
            } else {
                whole.add(line);
            }
        }
        begun.values().forEach(whole::add);
        return whole;
    }
}
