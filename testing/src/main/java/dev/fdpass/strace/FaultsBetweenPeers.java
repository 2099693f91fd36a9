package dev.fdpass.strace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two processes that exchange descriptors in requests and replies, and system calls of one of them fail, as {@link #rows}
 * says. Whatever fails: the exchange goes well, or ends in a way that is documented; neither side hangs; both close what they
 * received and nothing else; and the next exchange goes well.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultsBetweenPeers {
    /**
     * At which occurrences a call fails, in each thread by itself, and how many exchanges there are meanwhile.
     *
     * @param when as {@code strace} takes it
     */
    private record Occurrences(String when, int exchanges) {}

    private static final List<Occurrences> OCCURRENCES = List.of(new Occurrences("1", 2), new Occurrences("2+3", 4));

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Class<?> program;
    private final long began = System.nanoTime();
    private int faults;
    private @Nullable FaultyPeers peers;

    @TempDir
    private static @Nullable Path directory;

    /**
     * A test.
     *
     * @param program a {@link PeerProgram}
     */
    protected FaultsBetweenPeers(Class<?> program) {
        this.program = program;
    }

    /** What fails, and what may follow. */
    protected abstract List<FaultRow> rows();

    @BeforeAll
    void start() throws IOException, InterruptedException {
        assumeTrue(Strace.isInstalled(), "strace is not installed (Debian package strace)");
        peers = new FaultyPeers(program, options(), Objects.requireNonNull(directory));
    }

    @AfterAll
    void end() throws IOException {
        if (peers != null) {
            peers.close();
            System.out.printf(
                    "%s: injected %,d faults in %d s%n",
                    getClass().getSimpleName(), faults, (System.nanoTime() - began) / 1_000_000_000);
        }
    }

    /** A program that hangs or dies fails one test only. */
    private FaultyPeers peers() throws IOException, InterruptedException {
        FaultyPeers there = Objects.requireNonNull(peers);
        if (!there.isAlive()) {
            there.close();
            there = new FaultyPeers(program, options(), Objects.requireNonNull(directory));
            peers = there;
        }
        return there;
    }

    @ParameterizedTest(name = "L05: {0} fails")
    @MethodSource("rows")
    void endsWell(FaultRow row) throws Exception {
        int before = faults;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        // Not of each error: who finds an answer there does not wait for it; on a busy machine that may be so each
        // time.
        do {
            for (Map.Entry<String, Set<String>> each : row.endings().entrySet()) {
                for (Occurrences occurrences : OCCURRENCES) {
                    faults += inject(row, each.getKey(), each.getValue(), occurrences);
                }
            }
        } while (faults == before && System.nanoTime() - deadline < 0);
        assertThat(faults).as(row + ": faults injected").isGreaterThan(before);
    }

    private int inject(FaultRow row, String error, Set<String> ways, Occurrences occurrences) throws Exception {
        String what = row + ", " + error + " at " + occurrences.when();
        FaultyPeers between = peers();
        FaultyPeers.Tried tried;
        try {
            tried = between.inject(
                    row.side(), row.call(), "error=" + error + ":when=" + occurrences.when(), occurrences.exchanges());
        } catch (Strace.NotAllowedException e) {
            abort("strace may not attach to a process here: " + e.getMessage());
            return 0;
        }
        assertThat(tried.outcomes())
                .as(what)
                .allMatch(outcome ->
                        outcome.equals(between.usual()) || ways.stream().anyMatch(outcome::startsWith));
        return tried.faults();
    }

    /** On the class path, whatever is a module here. */
    private List<String> options() {
        String classPath = Stream.of(
                        home(program), System.getProperty("jdk.module.path"), System.getProperty("java.class.path"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(File.pathSeparator));
        return List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath);
    }

    /** Where a class is; its code source says so only outside a patched module. */
    private static String home(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        URL found = Objects.requireNonNull(type.getResource(name), name);
        String text = found.toString();
        return Path.of(URI.create(text.substring(0, text.length() - name.length())))
                .toString();
    }
}
