package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.BlockedVirtualThreads;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM with two carriers and a thousand virtual threads in receives. If each held its carrier, two of them would ever
 * run, and nothing else.
 */
class BlockedVirtualThreadsTest {
    private static final int COUNT = 1000;

    @TempDir
    private static Path directory;

    private static Map<String, String> seen;

    @BeforeAll
    static void run(TestReporter reporter) throws Exception {
        ChildProcess.Result result = JavaProgram.runOnClassPath(
                BlockedVirtualThreads.class,
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djdk.virtualThreadScheduler.parallelism=2",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=2",
                        // Nothing but this event: a recording samples threads, which costs more than waiting may.
                        "-XX:StartFlightRecording:settings=none,filename=" + recording()
                                + ",+jdk.VirtualThreadPinned#enabled=true,+jdk.VirtualThreadPinned#threshold=20ms"
                                + ",+jdk.VirtualThreadPinned#stackTrace=true",
                        "-Xlog:jfr*=off"),
                "pinOnPurpose");
        seen = result.outputOfSuccess()
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        reporter.publishEntry(seen);
    }

    private static Path recording() {
        return directory.resolve("recording.jfr");
    }

    @Test
    @DisplayName("L10: a thousand virtual threads wait, with two carriers, one epoll instance and no eventfd")
    void allWait() {
        assertThat(number("threads parked")).isEqualTo(COUNT);
        assertThat(number("epoll instances")).isEqualTo(1);
        assertThat(number("open eventfds")).isZero();
    }

    @Test
    @DisplayName("L10: an unrelated virtual thread runs within 10 ms (the median)")
    void anUnrelatedThreadRuns() {
        assertThat(number("unrelated thread runs after, median µs")).isLessThan(10_000);
    }

    @Test
    @DisplayName("L10: waiting costs no more than 2 % of a processor")
    void waitingCostsNothing() {
        assertThat(number("idle processor per mille")).isLessThanOrEqualTo(20);
    }

    @Test
    @DisplayName("L10: a message to each in turn is received by each")
    void eachReceives() {
        assertThat(number("messages received")).isEqualTo(COUNT);
    }

    @Test
    @DisplayName("L10: virtual threads that wait for a place in a listener's queue hold no carrier either")
    void connecting() {
        assertThat(number("threads still connecting")).isEqualTo(10);
        assertThat(number("unrelated thread runs while others connect, median µs"))
                .isLessThan(10_000);
        assertThat(seen).containsEntry("connected", "true");
    }

    @Test
    @DisplayName("L10: close wakes each, an interrupt wakes each")
    void closeAndInterruptWakeEach() {
        assertThat(number("woken by close")).isEqualTo(COUNT / 2);
        assertThat(number("woken by interrupt")).isEqualTo(COUNT / 2);
        assertThat(number("sockets left open")).isZero();
    }

    @Test
    @DisplayName("L10: timeouts fire within 20 ms (the median)")
    void timeoutsFire() {
        assertThat(number("timeouts late by, least µs")).isNotNegative();
        assertThat(number("timeouts late by, median µs")).isLessThan(20_000);
        // One of a hundred may meet a busy machine; what never fires would be 20 s late.
        assertThat(number("timeouts late by, most µs")).isLessThan(1_000_000);
    }

    @Test
    @DisplayName("L10: the epoll instance is closed when nobody has waited for two seconds")
    void theInstanceIsReleased() {
        assertThat(number("epoll instances at the end")).isZero();
        assertThat(number("epoll instance closed after ms")).isBetween(1_000L, 60_000L);
    }

    @Test
    @DisplayName("L10: the JVM reports no pinned virtual thread, but for the one that was pinned on purpose")
    void noneIsPinned() throws Exception {
        ChildProcess.Result events = ChildProcess.run(List.of(
                JavaProgram.tool("jfr"),
                "print",
                "--events",
                "jdk.VirtualThreadPinned",
                "--stack-depth",
                "64",
                recording().toString()));

        assertThat(seen).containsEntry("pinned on purpose", "true");
        List<String> pinned = List.of(events.outputOfSuccess().split("(?=jdk\\.VirtualThreadPinned \\{)")).stream()
                .filter(event -> !event.isBlank())
                .filter(event -> !isOfLoadingAClass(event))
                .toList();
        assertThat(pinned).as("that one is seen").isNotEmpty();
        assertThat(pinned).allSatisfy(event -> assertThat(event).contains("PinsItsCarrier.pin"));
    }

    /** Two threads that need the same class for the first time wait for each other in the JVM. */
    private static boolean isOfLoadingAClass(String event) {
        return event.contains("jdk.internal.loader.") || event.contains("Waited for initialization of ");
    }

    private static long number(String name) {
        assertThat(seen).containsKey(name);
        return Long.parseLong(seen.get(name));
    }
}
