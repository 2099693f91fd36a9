package dev.fdpass.examples.hotrestart.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.Client;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.waiting.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real server processes, one after the other. */
class RestartTest {
    /** Somebody who waits all the time: otherwise what virtual threads wait with is closed two seconds after each test. */
    private static SocketPair<UnixSeqpacket> waiting;

    private static Thread waiter;

    /** More than the two seconds after which the JDK closes it. */
    private static final long IDLE_POLLER_MILLIS = 2500;

    /** How long a request is answered that must be under way when a successor is ready, at least. */
    private static final long SLOW_MILLIS = 3500;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startWaiting() throws Exception {
        waiting = UnixSeqpacket.pair();
        waiter = Thread.ofVirtual().start(() -> {
            try (Received end = waiting.first().receive(1, 0)) {
                assertThat(end.isEndOfStream()).isTrue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
    }

    @AfterAll
    static void stopWaiting() throws Exception {
        waiting.second().close();
        waiter.join();
        waiting.close();
        Thread.sleep(IDLE_POLLER_MILLIS); // else it is closed during a test of the next class
    }

    @ParameterizedTest
    @EnumSource
    void clientsNoticeNothingButAnotherProcess(Variant variant) throws Exception {
        List<String> command = command(variant);
        command.add(1, "-Dhotrestart.drainSeconds=60");
        long begin = System.nanoTime();
        try (ServerProcess server = ServerProcess.start(command);
                Client idle = new Client(server.port());
                Client half = new Client(server.port());
                Client inFlight = new Client(server.port());
                Client pipelined = new Client(server.port())) {
            long slow = slowMillis(Duration.ofNanos(System.nanoTime() - begin));
            long old = server.pid();
            assertThat(idle.ask("/pid").body()).isEqualTo(old + "\n");
            half.send("GET /pid HTTP/1.1\r\nHo");
            inFlight.send(Client.get("/slow?millis=" + slow));
            pipelined.send(Client.get("/slow?millis=" + slow) + Client.get("/pid"));

            ServerProcess.Restart restart = server.restart();

            assertThat(restart.oldPid()).isEqualTo(old);
            assertThat(restart.connections()).isEqualTo(4);
            assertThat(idle.ask("/pid").body()).isEqualTo(restart.newPid() + "\n");
            assertThat(half.send("st: localhost\r\n\r\n").answer().body()).isEqualTo(restart.newPid() + "\n");
            assertThat(inFlight.answer().pid()).isEqualTo(old);
            assertThat(inFlight.ask("/").pid()).isEqualTo(restart.newPid());
            assertThat(pipelined.answer().pid()).isEqualTo(old);
            assertThat(pipelined.answer().body()).isEqualTo(restart.newPid() + "\n");
        }
    }

    /** A successor takes as long to start as the first one did; on a machine that gets busier meanwhile, longer. */
    private static long slowMillis(Duration start) {
        return Math.clamp(4 * start.toMillis(), SLOW_MILLIS, 50_000);
    }

    @ParameterizedTest
    @EnumSource
    void fromOneServerToTheNextNoDescriptorIsLeftOver(Variant variant) throws Exception {
        try (ServerProcess server = start(variant);
                Client one = new Client(server.port());
                Client other = new Client(server.port())) {
            server.restart();
            one.ask("/");
            other.ask("/");
            List<String> second = settledOpenFiles(server.pid());
            server.restart();
            one.ask("/");
            other.ask("/");
            awaitOpenFiles(server.pid(), second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSuccessorThatCrashesBeforeItOwnsAnythingChangesNothing(Variant variant) throws Exception {
        try (ServerProcess server = start(variant);
                Client idle = new Client(server.port());
                Client half = new Client(server.port())) {
            long pid = server.pid();
            assertThat(idle.ask("/").pid()).isEqualTo(pid);
            half.send("GET /pid HT");
            List<String> before = null;
            for (String step : List.of("hello", "listener", "ready", "connection")) {
                assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=" + step))
                        .as(step)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("kept " + pid)
                        .hasMessageContaining("status 70");
                assertThat(idle.ask("/pid").body()).as(step).isEqualTo(pid + "\n");
                try (Client fresh = new Client(server.port())) {
                    assertThat(fresh.ask("/pid").body()).as(step).isEqualTo(pid + "\n");
                }
                if (before == null) {
                    before = settledOpenFiles(pid); // what is opened once and kept is there now
                }
                awaitOpenFiles(pid, before);
            }
            assertThat(half.send("TP/1.1\r\nHost: localhost\r\n\r\n").answer().body())
                    .isEqualTo(pid + "\n");

            long next = server.restart().newPid();
            assertThat(idle.ask("/pid").body()).isEqualTo(next + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSuccessorThatCrashesLaterTakesAlongWhatItHasAcknowledgedAndNoMore(Variant variant) throws Exception {
        try (ServerProcess server = start(variant);
                Client one = new Client(server.port());
                Client other = new Client(server.port())) {
            long pid = server.pid();
            one.ask("/");
            other.ask("/");
            assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=second_connection"))
                    .hasMessageContaining("kept " + pid);
            one.send(Client.get("/pid"));
            other.send(Client.get("/pid"));
            boolean isOneGone = one.isClosedByServer();
            Client alive = isOneGone ? other : one;
            if (isOneGone) {
                assertThat(other.answer().body()).isEqualTo(pid + "\n");
            } else {
                assertThat(other.isClosedByServer()).isTrue();
            }
            try (Client fresh = new Client(server.port())) {
                assertThat(fresh.ask("/pid").body()).isEqualTo(pid + "\n");
                assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=done"))
                        .hasMessageContaining("kept " + pid);
                assertThat(fresh.isClosedByServer()).isTrue();
            }
            assertThat(alive).isNotNull();
            try (Client fresh = new Client(server.port())) {
                assertThat(fresh.ask("/pid").body()).as("it accepts again").isEqualTo(pid + "\n");
                assertThat(server.restart().oldPid()).isEqualTo(pid);
                assertThat(fresh.ask("/pid").body()).isEqualTo(server.pid() + "\n");
            }
        }
    }

    @Test
    void commandsThatArriveTogetherAreForOneServerEach() throws Exception {
        Path input = Files.writeString(folder.resolve("input"), "restart\nrestart\n\nrestart\nstop\n");
        Path output = folder.resolve("output");
        Process first = new ProcessBuilder(command(Variant.JDK))
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try {
            assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
            List<String> said = awaitEndOfAll(output);
            assertThat(said)
                    .filteredOn(line -> line.startsWith("restarted "))
                    .as("%s", said)
                    .hasSize(3);
            assertThat(Files.readString(folder.resolve("errors"))).isEmpty();
        } finally {
            first.destroyForcibly();
        }
    }

    /** What all servers have said, once none of those who said so serves. */
    private static List<String> awaitEndOfAll(Path output) throws Exception {
        long end = System.nanoTime() + 120_000_000_000L;
        while (true) {
            List<String> said = Files.readAllLines(output);
            List<Long> serving = said.stream()
                    .filter(line -> line.startsWith("serving "))
                    .map(line -> Long.valueOf(line.split(" ", -1)[1]))
                    .filter(pid -> ProcessHandle.of(pid).isPresent())
                    .toList();
            if (said.stream().filter(line -> line.startsWith("serving ")).count() == 4 && serving.isEmpty()) {
                return said;
            }
            assertThat(System.nanoTime())
                    .as("%s; still there: %s", said, serving)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsThatComeDuringACrashAreNeverRefusedNorLeftWithoutAServer(Variant variant) throws Exception {
        try (ServerProcess server = start(variant)) {
            long pid = server.pid();
            for (String step : List.of("listener", "ready")) {
                AtomicBoolean isOver = new AtomicBoolean();
                CompletableFuture<Integer> lost = new CompletableFuture<>();
                CountDownLatch isThere = new CountDownLatch(1);
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        int count = 0;
                        while (!isOver.get()) {
                            try (Client fresh = new Client(server.port())) { // fails if it is refused
                                count += isAnswered(fresh) ? 0 : 1;
                            }
                            isThere.countDown();
                        }
                        lost.complete(count);
                    } catch (IOException | RuntimeException e) {
                        lost.completeExceptionally(e);
                    }
                });
                isThere.await();
                assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=" + step))
                        .hasMessageContaining("kept " + pid);
                isOver.set(true);
                // One after the other: what the successor has accepted when it crashes is one connection at most.
                assertThat(lost.join()).as(step).isLessThanOrEqualTo(step.equals("ready") ? 1 : 0);
                try (Client fresh = new Client(server.port())) {
                    assertThat(fresh.ask("/pid").body()).isEqualTo(pid + "\n");
                }
            }
        }
    }

    /** False if the connection ends without an answer; an error if nothing at all happens. */
    private static boolean isAnswered(Client client) throws IOException {
        try {
            return client.ask("/").status() == 200;
        } catch (EOFException | SocketException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestartThatCannotBeginChangesNothing(Variant variant) throws Exception {
        int limit = 150;
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"));
        command.addAll(command(variant));
        List<Client> clients = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(command)) {
            long pid = server.pid();
            // Now there are descriptors for the class files that this needs.
            assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=hello"))
                    .hasMessageContaining("status 70");
            // Not the last one: without any, the JVM cannot even load a class to say so.
            while (descriptors(pid) < limit - 1) {
                Client client = new Client(server.port());
                clients.add(client);
                client.ask("/");
            }
            for (int free = 1; free < 6; free++) {
                assertThatThrownBy(() -> server.restart("-Dhotrestart.crashAt=hello"))
                        .as("%d descriptors are free", free)
                        .hasMessageContaining("kept " + pid);
                assertThat(clients.getFirst().ask("/pid").body()).isEqualTo(pid + "\n");
                clients.removeLast().close();
                while (descriptors(pid) > limit - free - 1) {
                    Thread.sleep(5);
                }
            }
            while (clients.size() > 2) {
                clients.removeLast().close();
            }
            long next = server.restart().newPid();
            assertThat(clients.getFirst().ask("/pid").body()).isEqualTo(next + "\n");
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private static int descriptors(long pid) {
        return DescriptorLeakCheck.openDescriptorsOf(pid).size();
    }

    private ServerProcess start(Variant variant) throws IOException, InterruptedException {
        return ServerProcess.start(command(variant));
    }

    private List<String> command(Variant variant) {
        List<String> command = new ArrayList<>(new ServerCommand(variant, folder).first());
        command.add(1, "-Dhotrestart.warmUpRequests=16"); // inherited by all successors
        return command;
    }

    private static void awaitOpenFiles(long pid, List<String> expected) throws Exception {
        Waiting.soon(() -> openFiles(pid).size() <= expected.size());
        // Fewer is well, too: what was settled may have had one that a thread without a processor had yet to close.
        assertThat(openFiles(pid)).as("%s", openFiles(pid)).hasSizeLessThanOrEqualTo(expected.size());
    }

    /** Once nothing changes any more, such as connections that the client has closed. */
    private static List<String> settledOpenFiles(long pid) throws Exception {
        List<String> last = openFiles(pid);
        for (int same = 0; same < 5; same++) {
            Thread.sleep(200);
            List<String> now = openFiles(pid);
            if (!now.equals(last)) {
                same = 0;
            }
            last = now;
        }
        return last;
    }

    /**
     * What the descriptors of a process are, without numbers; not what the JVM opens when it pleases, nor by what threads
     * wait, which comes and goes.
     */
    private static List<String> openFiles(long pid) {
        return DescriptorLeakCheck.openDescriptorsOf(pid).values().stream()
                .map(name -> name.replaceAll("\\[\\d+\\]", ""))
                .filter(name -> !name.endsWith(".jar") && !name.matches("anon_inode:.event(poll|fd)."))
                .sorted()
                .toList();
    }
}
