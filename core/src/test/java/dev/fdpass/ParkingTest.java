package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.WaitsWithoutDescriptors;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What parked threads share: a descriptor, its registration, and the one parking thread. */
class ParkingTest {
    /** A task in a thread of its own, virtual or not. */
    private record Running<T>(Thread thread, FutureTask<T> task) {
        static <T> Running<T> start(boolean isVirtual, Callable<T> action) {
            FutureTask<T> task = new FutureTask<>(action);
            Thread.Builder builder =
                    isVirtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
            return new Running<>(builder.start(task), task);
        }

        static <T> Running<T> parked(Callable<T> action) throws InterruptedException {
            Running<T> running = start(true, action);
            running.awaitParked();
            return running;
        }

        void awaitParked() throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!isWaiting()) {
                assertThat(task.isDone()).as("it should wait").isFalse();
                assertThat(System.nanoTime()).as("still not waiting").isLessThan(deadline);
                Thread.sleep(1);
            }
        }

        boolean isWaiting() {
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        }

        T get() throws Exception {
            return task.get(60, TimeUnit.SECONDS);
        }

        Throwable failure() throws Exception {
            try {
                throw new AssertionError("returned " + get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }

    private static byte receiveByte(ScmSocket socket) throws IOException {
        try (Received received = socket.receive(1, 0)) {
            return received.data().get();
        }
    }

    private static void send(ScmSocket socket, int value) throws IOException {
        socket.send(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    /** The lines of {@code /proc/self/fdinfo} about what is registered with the library's epoll instance. */
    private List<Integer> registeredNumbers() throws IOException {
        Path instance = epollInstance().orElseThrow();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo").resolve(instance.getFileName()))) {
            return lines.filter(line -> line.startsWith("tfd:"))
                    .map(line -> Integer.valueOf(
                            line.substring(4, line.indexOf("events")).strip()))
                    .toList();
        }
    }

    /** Those of the JDK, which does not close them. */
    private final List<Path> others = new ArrayList<>();

    @BeforeEach
    void findOthers() throws IOException {
        others.addAll(epollInstances());
    }

    private Optional<Path> epollInstance() throws IOException {
        return epollInstances().stream().filter(each -> !others.contains(each)).findFirst();
    }

    private static List<Path> epollInstances() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().equals("anon_inode:[eventpoll]");
                        } catch (IOException e) {
                            return false; // the descriptor that lists them
                        }
                    })
                    .toList();
        }
    }

    @Test
    @DisplayName(
            "L10: virtual and platform threads wait for the same socket, to read and to write, and each gets its turn")
    void severalThreadsOnOneSocket() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            UnixSeqpacket socket = pair.second();
            ByteBuffer block = ByteBuffer.allocateDirect(1000);
            int queued = 0;
            while (socket.trySend(block.clear()).isPresent()) {
                queued++;
            }
            List<Running<Byte>> reading = new ArrayList<>();
            List<Running<Integer>> writing = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                reading.add(Running.start(i % 3 != 0, () -> receiveByte(socket)));
                writing.add(Running.start(i % 3 != 0, () -> socket.send(Text.buffer("more"))));
            }
            Thread.sleep(100);
            assertThat(reading).noneMatch(each -> each.task().isDone());
            assertThat(writing).noneMatch(each -> each.task().isDone());

            int sum = 0;
            for (int i = 0; i < reading.size(); i++) {
                send(pair.first(), i);
            }
            for (Running<Byte> each : reading) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(15);
            assertThat(writing)
                    .as("reading makes no room")
                    .noneMatch(each -> each.task().isDone());

            for (int i = 0; i < queued + writing.size(); i++) {
                pair.first().receive(1000, 0).close();
            }
            for (Running<Integer> each : writing) {
                assertThat(each.get()).isEqualTo(4);
            }
        }
    }

    @Test
    @DisplayName("L10: one whose time is over leaves the others on the same socket waiting, and they get what comes")
    void oneTimesOut() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            pair.second().setReceiveTimeout(Duration.ofSeconds(1));
            Running<Byte> shortly = Running.start(true, () -> receiveByte(pair.second()));
            // On a busy machine its time may be over before it is seen waiting.
            Waiting.until(
                    "its waiting", () -> shortly.isWaiting() || shortly.task().isDone());
            pair.second().setReceiveTimeout(Duration.ZERO);
            Running<Byte> long1 = Running.parked(() -> receiveByte(pair.second()));
            Running<Byte> long2 = Running.parked(() -> receiveByte(pair.second()));

            assertThat(shortly.failure()).isInstanceOf(java.net.SocketTimeoutException.class);
            send(pair.first(), 1);
            send(pair.first(), 2);
            assertThat(long1.get() + long2.get()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("L10: two owners of duplicates wait each with a registration of its own")
    void duplicates() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                UnixSeqpacket duplicate =
                        UnixSeqpacket.adopt(pair.second().asFd().duplicate())) {
            Running<Byte> first = Running.parked(() -> receiveByte(pair.second()));
            Running<Byte> second = Running.parked(() -> receiveByte(duplicate));
            assertThat(registeredNumbers())
                    .contains(pair.second().asFd().number(), duplicate.asFd().number());

            duplicate.asFd().close();
            assertThat(second.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            send(pair.first(), 3);
            assertThat(first.get()).isEqualTo((byte) 3);
        }
    }

    @Test
    @DisplayName("L10: the registration ends before the number is closed, though the file lives on elsewhere")
    void noRegistrationOutlivesItsNumber() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                SocketPair<UnixSeqpacket> other = UnixSeqpacket.pair();
                OwnedFd elsewhere = pair.second().asFd().duplicate()) {
            // Somebody else waits, so that the parking thread and its instance stay.
            Running<Byte> bystander = Running.parked(() -> receiveByte(other.second()));
            Running<Byte> waiting = Running.parked(() -> receiveByte(pair.second()));
            int number = pair.second().asFd().number();
            assertThat(registeredNumbers()).contains(number);

            pair.second().close();
            assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(registeredNumbers()).doesNotContain(number);

            // The number is another file's now, for which a thread waits; what comes for the first is not its business.
            try (SocketPair<UnixSeqpacket> reused = UnixSeqpacket.pair()) {
                assertThat(List.of(
                                reused.first().asFd().number(),
                                reused.second().asFd().number()))
                        .as("the kernel gives the lowest free number")
                        .contains(number);
                Running<Byte> first = Running.parked(() -> receiveByte(reused.first()));
                Running<Byte> second = Running.parked(() -> receiveByte(reused.second()));
                send(pair.first(), 1);
                Thread.sleep(50);
                assertThat(first.task().isDone() || second.task().isDone()).isFalse();
                send(reused.first(), 2);
                send(reused.second(), 2);
                assertThat(first.get() + second.get()).isEqualTo(4);
            }
            assertThat(elsewhere.isOpen()).isTrue();
            send(other.first(), 5);
            assertThat(bystander.get()).isEqualTo((byte) 5);
        }
    }

    @Test
    @DisplayName("L10: a number that is given away is no longer registered")
    void detaching() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                SocketPair<UnixSeqpacket> other = UnixSeqpacket.pair()) {
            Running<Byte> bystander = Running.parked(() -> receiveByte(other.second()));
            Running<Byte> waiting = Running.parked(() -> receiveByte(pair.second()));
            send(pair.first(), 1);
            assertThat(waiting.get()).isEqualTo((byte) 1);
            assertThat(registeredNumbers()).contains(pair.second().asFd().number());

            // The thread that has received may still be on its way out of the operation.
            waiting.thread().join();
            int number = pair.second().asFd().detach();
            assertThat(registeredNumbers()).doesNotContain(number);

            try (UnixSeqpacket again = UnixSeqpacket.adopt(OwnedFd.adopt(number))) {
                Running<Byte> once = Running.parked(() -> receiveByte(again));
                send(pair.first(), 2);
                assertThat(once.get()).isEqualTo((byte) 2);
            }
            send(other.first(), 3);
            assertThat(bystander.get()).isEqualTo((byte) 3);
        }
    }

    @Test
    @DisplayName("L10: a number with two owners, which is a mistake, still wakes the threads of both")
    void twoOwnersOfANumber() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            OwnedFd mistake = OwnedFd.adopt(pair.second().asFd().number());
            UnixSeqpacket twice = UnixSeqpacket.adopt(mistake);
            Running<Byte> first = Running.parked(() -> receiveByte(pair.second()));
            Running<Byte> second = Running.start(true, () -> receiveByte(twice)); // in the kernel
            Thread.sleep(50);
            send(pair.first(), 1);
            send(pair.first(), 2);
            assertThat(first.get() + second.get()).isEqualTo(3);
            second.thread().join();
            mistake.detach();
        }
    }

    @Test
    @DisplayName("L10: a file that epoll refuses is waited for as platform threads do it: it is always ready")
    void regularFile(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "text");
        try (OwnedFd file = OwnedFd.open(path)) {
            Running<Integer> waiting = Running.start(true, () -> {
                file.descriptor().acquireToWait();
                try {
                    return file.descriptor().await(POLLIN, Descriptor.NEVER);
                } finally {
                    file.release();
                }
            });
            assertThat(waiting.get()).isEqualTo(POLLIN);
        }
    }

    @Test
    @DisplayName("L10: to wait for nothing but the deadline takes no descriptor, and close wakes from it")
    void theDeadlineAlone() throws Exception {
        OwnedFd file = OwnedFd.open(Path.of("/dev/null"));
        Callable<Integer> pause = () -> {
            long begin = System.nanoTime();
            file.descriptor().acquireToWait();
            try {
                assertThat(file.descriptor().await(0, begin + 30_000_000)).isZero();
                assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(30_000_000);
                return file.descriptor().await(0, Descriptor.NEVER);
            } finally {
                file.release();
            }
        };
        Running<Integer> waiting = Running.parked(pause);
        Thread.sleep(60);
        waiting.awaitParked();
        assertThat(epollInstance()).isEmpty();
        file.close();
        assertThat(waiting.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    @DisplayName("L10: the parking thread ends when nobody waits, and the next who waits starts another")
    void theParkingThreadComesAndGoes() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            // That of an earlier test closes its instance before it ends.
            awaitEndOfParking();
            for (int round = 0; round < 3; round++) {
                assertThat(epollInstance()).isEmpty();
                assertThat(parkingThreads()).isZero();
                Running<Byte> waiting = Running.parked(() -> receiveByte(pair.second()));
                Thread.sleep(100); // longer than it stays without anyone
                assertThat(epollInstance()).isPresent();
                assertThat(parkingThreads()).isEqualTo(1);
                send(pair.first(), round);
                assertThat(waiting.get()).isEqualTo((byte) round);
                awaitEndOfParking();
            }
        }
    }

    private void awaitEndOfParking() {
        Waiting.until("the end of parking", () -> epollInstance().isEmpty() && parkingThreads() == 0);
    }

    private static long parkingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fdpass-parking"))
                .count();
    }

    @Test
    @DisplayName("L10: where no epoll instance is to be had, virtual threads look again and again, and hold no carrier")
    void noMoreDescriptors() throws Exception {
        String output = JavaProgram.runOnClassPath(
                        WaitsWithoutDescriptors.class,
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "-Ddev.fdpass.parkingIdleMillis=20",
                                "-Djdk.virtualThreadScheduler.parallelism=1",
                                "-Djdk.virtualThreadScheduler.maxPoolSize=1"))
                .outputOfSuccess();

        assertThat(output.lines())
                .anyMatch(line -> line.startsWith("no more: ") && line.contains("EMFILE"))
                .contains("without descriptors: 7 bytes, closed", "with descriptors: 7 bytes, closed");
    }

    @Test
    @DisplayName(
            "L10: if the parking thread fails, those that are parked go on waiting without it, and the next ones start another")
    void theParkingThreadFails() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                SocketPair<UnixSeqpacket> other = UnixSeqpacket.pair();
                OwnedFd noInstance = OwnedFd.open(Path.of("/dev/null"))) {
            Running<Byte> waiting = Running.parked(() -> receiveByte(pair.second()));
            Running<Byte> closed = Running.parked(() -> receiveByte(other.second()));
            Path instance = epollInstance().orElseThrow();
            // Its next epoll_pwait(2) says EINVAL.
            LibcCalls.duplicateTo(
                    noInstance.number(), Integer.parseInt(instance.getFileName().toString()));
            Waiting.until("the end of the parking thread", () -> parkingThreads() == 0);

            send(pair.first(), 1);
            assertThat(waiting.get()).isEqualTo((byte) 1);
            other.second().close();
            assertThat(closed.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);

            Running<Byte> next = Running.parked(() -> receiveByte(pair.second()));
            assertThat(registeredNumbers()).contains(pair.second().asFd().number());
            send(pair.first(), 2);
            assertThat(next.get()).isEqualTo((byte) 2);
        }
    }

    /** Close, message and timeout at the same moment, again and again: each wait ends, in one of the three ways. */
    @RepeatedTest(20)
    @DisplayName("L10: whatever comes first, message, close or timeout, no wait is forgotten")
    void races() throws Exception {
        List<SocketPair<UnixSeqpacket>> pairs = new ArrayList<>();
        List<Running<Byte>> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                pairs.add(pair);
                pair.second().setReceiveTimeout(Duration.ofMillis(5 + i % 4));
                waiting.add(Running.start(true, () -> receiveByte(pair.second())));
            }
            Thread.sleep(4);
            for (int i = 0; i < pairs.size(); i++) {
                switch (i % 3) {
                    case 0 -> send(pairs.get(i).first(), 1);
                    case 1 -> pairs.get(i).second().close();
                    default -> waiting.get(i).thread().interrupt();
                }
            }
            for (Running<Byte> each : waiting) {
                try {
                    assertThat(each.get()).isEqualTo((byte) 1);
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOfAny(
                                    java.net.SocketTimeoutException.class,
                                    java.nio.channels.ClosedChannelException.class);
                }
            }
        } finally {
            for (SocketPair<UnixSeqpacket> pair : pairs) {
                pair.close();
            }
        }
    }
}
