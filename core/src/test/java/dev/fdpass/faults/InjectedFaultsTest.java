package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fdpass.faults.TraceLog.Call;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Syscall;
import dev.fdpass.strace.Strace;
import dev.fdpass.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every system call that the library makes fails in every way, at its first, second and tenth occurrence: with errors
 * that {@code strace} injects into one thread of a real JVM. See {@link FaultTable} for what follows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InjectedFaultsTest {
    /**
     * At which occurrences a call fails, and how often something is done meanwhile.
     *
     * @param when as {@code strace} takes it
     * @param rounds some more than would be needed, so that something happens after the last fault
     * @param atLeast how many faults there must be
     */
    private record Occurrences(String when, int rounds, int atLeast) {
        @Override
        public String toString() {
            return when;
        }
    }

    /** The first; and the second, the tenth and every eighth after it. */
    private static final List<Occurrences> OCCURRENCES =
            List.of(new Occurrences("1", 3, 1), new Occurrences("2+8", 12, 2));

    /**
     * Whether to try all errors with every row ({@code -Ddev.fdpass.faults.all=true}). Otherwise the first row of each
     * system call is tried with all of them, and the others with those that are handled differently.
     */
    private static final boolean ALL = Boolean.getBoolean("dev.fdpass.faults.all");

    /** "These functions are always successful", say their man pages. */
    private static final Set<Syscall> NEVER_FAIL = Set.of(Syscall.GETEUID, Syscall.GETEGID);

    private final Set<Syscall> failed = EnumSet.noneOf(Syscall.class);
    private final Map<String, String> normal = new TreeMap<>();
    private final long began = System.nanoTime();
    private long faults;
    private FaultyJvm program;

    @TempDir
    private static Path directory;

    @BeforeAll
    void start() throws Exception {
        Tool.STRACE.assumeInstalled();
        program = new FaultyJvm(directory);
        try {
            attach("", Syscall.CLOSE, "error=EIO:when=1").detach();
        } catch (Strace.NotAllowedException e) {
            abort("strace may not attach to a process here: " + e.getMessage());
        }
    }

    /** A program that hangs or dies fails one test only. */
    @BeforeEach
    void startAgain() throws IOException, InterruptedException {
        if (!program.isAlive()) {
            program.close();
            program = new FaultyJvm(directory);
        }
    }

    @AfterAll
    void end() throws IOException {
        if (program != null) {
            program.close();
            System.out.printf(
                    "Injected %,d faults into %d system calls in %d s%n",
                    faults, failed.size(), (System.nanoTime() - began) / 1_000_000_000);
        }
    }

    static List<Row> rows() {
        return FaultTable.rows();
    }

    @Test
    @DisplayName("L05: no system call of the library is left out")
    void everySystemCallFailsSomewhere() {
        Set<Syscall> covered = EnumSet.noneOf(Syscall.class);
        rows().forEach(row -> covered.add(row.syscall()));
        covered.addAll(FailedExecTest.CALLS); // made by a thread that is not there yet when strace attaches to one
        assertThat(covered).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(NEVER_FAIL)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void endsAsTheTableSays(Row row) throws Exception {
        boolean isFirst = rows().stream()
                .filter(other -> other.syscall() == row.syscall())
                .findFirst()
                .orElseThrow()
                .toString()
                .equals(row.toString());
        Map<Errno, Expected> errors = ALL || isFirst ? row.expected() : row.essential();
        for (Map.Entry<Errno, Expected> entry : errors.entrySet()) {
            for (Occurrences occurrences : OCCURRENCES) {
                inject(row, entry.getKey(), entry.getValue(), occurrences);
            }
        }
    }

    /** What is claimed to have been written, and was not: the rest follows, and only the rest. */
    static Stream<Arguments> shortWrites() {
        return Stream.of(
                Arguments.of("S05", Syscall.SENDMSG, "send of four bytes", "4; \"bcd\" and 0 descriptors arrived"),
                Arguments.of("L05", Syscall.WRITE, "write a file", "4; bcd3456789"),
                Arguments.of("L05", Syscall.PWRITE64, "write a file at a position", "4; 012345678bcd"),
                Arguments.of("L05", Syscall.PWRITEV2, "write a pipe", "2; all of 2"));
    }

    @ParameterizedTest(name = "{0}: {1} takes only one byte in: {2}")
    @MethodSource("shortWrites")
    void theRestFollows(String hazard, Syscall syscall, String scenario, String outcome) throws Exception {
        String usual = normal(scenario);
        for (Occurrences when : OCCURRENCES) {
            Traced traced = run(scenario, when.rounds(), syscall, "retval=1:when=" + when);
            assertThat(traced.log.injected()).hasSizeGreaterThanOrEqualTo(when.atLeast());
            for (int i = 0; i < when.rounds(); i++) {
                List<Call> calls = traced.log.rounds().get(i);
                boolean injected = lastInjected(calls) >= 0;
                assertThat(traced.run.rounds().get(i))
                        .as("round " + (i + 1) + " of " + calls)
                        .isEqualTo(injected ? outcome : usual);
                Conduct.check(calls, scenario);
            }
            faults += traced.log.injected().size();
        }
    }

    @Test
    @DisplayName("S05: after a short sendmsg, and on every later part, no descriptor is attached again")
    void descriptorsGoWithTheFirstPartOnly() throws Exception {
        Traced injected = run("send of four bytes", 3, Syscall.SENDMSG, "retval=1:when=1", "sendto");
        assertThat(injected.log.rounds().getFirst())
                .satisfiesExactly(
                        first -> assertThat(first.line()).contains("SCM_RIGHTS").contains("(INJECTED)"),
                        rest -> assertThat(rest.line()).startsWith("sendto(").contains("\"bcd\""));
        Traced real = run("send of more than a stream holds", 3, Syscall.SENDMSG, "error=EINTR:when=1", "sendto");
        List<Call> parts = real.log.rounds().getLast().stream()
                .filter(call -> call.is("sendmsg") || call.is("sendto"))
                .toList();
        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(parts.getFirst().line()).contains("SCM_RIGHTS");
        assertThat(parts.subList(1, parts.size())).allMatch(call -> call.is("sendto")); // which has no place for them
        faults += 2;
    }

    @Test
    @DisplayName("R15: an interrupted wait goes on with the time that is left")
    void waitsNoLongerThanItWasTold() throws Exception {
        Traced traced = run("receive until 4 s are over", 1, Syscall.PPOLL, "error=EINTR:delay_enter=100000:when=1");
        assertThat(traced.run.rounds()).containsExactly("SocketTimeoutException");
        List<Call> polls = traced.log.rounds().getFirst().stream()
                .filter(call -> call.is("ppoll"))
                .toList();
        assertThat(polls.getFirst().isInjected()).isTrue();
        assertThat(nanos(polls.get(0)) - nanos(polls.get(1))).isBetween(100_000_000L, 4_000_000_000L);
        faults++;
    }

    /** It is a thread of its own that makes this call: all are traced, and the first call of each such thread fails. */
    @ParameterizedTest(name = "L10: epoll_pwait of the thread that waits for all virtual ones fails with {0}")
    @EnumSource(
            value = Errno.class,
            names = {
                "EINTR",
                "EAGAIN",
                "EMFILE",
                "ENFILE",
                "ENOMEM",
                "ENOBUFS",
                "ETOOMANYREFS",
                "EPERM",
                "EPIPE",
                "ECONNRESET"
            })
    void theParkingThreadFails(Errno error) throws Exception {
        String scenario = VirtualScenarios.VIRTUALLY + "wait";
        String usual = normal(scenario);
        Path written = directory.resolve("strace-all.log");
        FaultyJvm.Run run;
        try (Strace strace = Strace.attachToAll(
                program.pid(), written, List.of("epoll_pwait"), List.of("epoll_pwait:error=" + error + ":when=1"))) {
            assertThat(strace).isNotNull();
            run = program.run(3, scenario);
        }
        assertThat(run.broken()).isEmpty();
        assertThat(run.left()).as("left open").isEmpty();
        assertThat(run.rounds()).as("those that waited wait without it").containsOnly(usual);
        long injected = Files.readAllLines(written).stream()
                .filter(line -> line.contains("(INJECTED)"))
                .count();
        assertThat(injected).as("faults injected").isPositive();
        faults += injected;
        failed.add(Syscall.EPOLL_PWAIT);
    }

    private static long nanos(Call poll) {
        Matcher time = Pattern.compile("tv_sec=(\\d+), tv_nsec=(\\d+)").matcher(poll.line());
        assertThat(time.find()).as(poll.line()).isTrue();
        return Long.parseLong(time.group(1)) * 1_000_000_000 + Long.parseLong(time.group(2));
    }

    /** A run, and the system calls of it. */
    private record Traced(FaultyJvm.Run run, TraceLog log) {}

    private Traced run(String scenario, int rounds, Syscall syscall, String injection, String... traced)
            throws Exception {
        try (Strace strace = attach(scenario, syscall, injection, traced)) {
            FaultyJvm.Run run = program.run(rounds, scenario);
            TraceLog log = TraceLog.of(strace.detach());
            assertThat(run.broken()).as(scenario).isEmpty();
            assertThat(log.between()).as(scenario + ": only operations fail").noneMatch(Call::isInjected);
            assertThat(log.rounds()).as(scenario + ": rounds").hasSize(rounds);
            return new Traced(run, log);
        }
    }

    /** What every round of a scenario ends with when nothing fails. */
    private String normal(String scenario) throws IOException, InterruptedException {
        String known = normal.get(scenario);
        if (known == null) {
            FaultyJvm.Run run = program.run(2, scenario);
            assertThat(run.broken()).isEmpty();
            assertThat(run.left()).as("left open").isEmpty();
            assertThat(new TreeSet<>(run.rounds())).as("the same each time").hasSize(1);
            known = run.rounds().getFirst();
            normal.put(scenario, known);
        }
        return known;
    }

    private Strace attach(String scenario, Syscall syscall, String injection, String... traced) throws Exception {
        String call = syscall.name().toLowerCase(Locale.ROOT);
        List<String> calls = new ArrayList<>(List.of(call, "ppoll", Marks.NAME));
        calls.addAll(List.of(traced));
        return Strace.attach(
                program.thread(scenario), directory.resolve("strace.log"), calls, List.of(call + ":" + injection));
    }

    private void inject(Row row, Errno error, Expected expected, Occurrences when) throws Exception {
        String usual = normal(row.scenario());
        Traced traced = run(row.scenario(), when.rounds(), row.syscall(), "error=" + error + ":when=" + when);
        FaultyJvm.Run run = traced.run;
        TraceLog log = traced.log;
        String what = row.call() + " " + error + " at " + when + " in " + row.scenario();
        assertThat(log.injected()).as(what + ": faults injected").hasSizeGreaterThanOrEqualTo(when.atLeast());
        for (int i = 0; i < when.rounds(); i++) {
            List<Call> calls = log.rounds().get(i);
            String which = what + ", round " + (i + 1);
            check(row, expected, usual, run.rounds().get(i), calls, which);
            Conduct.check(calls, which);
        }
        assertThat(numbers(run.left()))
                .as(what + ": only what could not be closed is open: " + run.left())
                .containsExactlyInAnyOrderElementsOf(notClosed(log));
        failed.add(row.syscall());
    }

    private void check(Row row, Expected expected, String usual, String outcome, List<Call> calls, String which) {
        int at = lastInjected(calls);
        if (at < 0) {
            assertThat(outcome).as(which + ": nothing failed").isEqualTo(usual);
            return;
        }
        faults += calls.stream().filter(Call::isInjected).count();
        List<Call> later = calls.subList(at + 1, calls.size());
        switch (expected) {
            case Expected.Retried retried -> {
                assertThat(outcome).as(which).isEqualTo(usual);
                assertThat(later).as(which + ": made again").anyMatch(call -> call.is(row.call()));
            }
            case Expected.Waited waited -> {
                assertThat(outcome).as(which).isEqualTo(usual);
                assertThat(later).as(which + ": waited").anyMatch(call -> call.is("ppoll"));
                assertThat(later).as(which + ": made again").anyMatch(call -> call.is(row.call()));
            }
            case Expected.Unnoticed unnoticed ->
                assertThat(outcome).as(which + ": " + unnoticed.how()).isEqualTo(usual);
            case Expected.Ends ends -> assertThat(outcome).as(which).isEqualTo(ends.outcome() + row.seenAfter(ends));
        }
    }

    private static int lastInjected(List<Call> calls) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).isInjected()) {
                return i;
            }
        }
        return -1;
    }

    /** The descriptors and mappings whose closing was not carried out, nor tried again in the same round. */
    private static List<String> notClosed(TraceLog log) {
        List<String> open = new ArrayList<>();
        for (List<Call> round : log.rounds()) {
            for (int i = 0; i < round.size(); i++) {
                Call call = round.get(i);
                List<Call> later = round.subList(i + 1, round.size());
                if (call.isInjected()
                        && (call.is("close") || call.is("munmap"))
                        && later.stream().noneMatch(other -> other.repeats(call))) {
                    open.add(call.firstArgument().replace("0x", ""));
                }
            }
        }
        return open;
    }

    /** {@code fd 7 /dev/null} and {@code mapping 7f…-7f… rw-s}: their numbers. */
    private static List<String> numbers(List<String> left) {
        return left.stream()
                .map(what -> Arrays.asList(what.split("[ -]", 3)).get(1))
                .toList();
    }
}
