package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.fdpass.ErrnoException;
import dev.fdpass.EventFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Python;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
    private static final String MANAGER = """
            import os, socket, sys, time
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind("\\0" + name[1:] if name[0] == "@" else name)
            print("bound", flush=True)
            while True:
                data, fds, flags, address = socket.recv_fds(s, 5000, 253)
                text = data.decode()
                if text.startswith("RELOADING"):
                    micros = int(text.split("MONOTONIC_USEC=")[1])
                    late = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000 - micros
                    text = "reloading " + str(0 <= late < 60_000_000)
                print(text.replace("\\n", " "), len(fds), flush=True)
                for fd in fds:
                    os.close(fd)
                if text == "STOPPING=1":
                    break
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pathname", "abstract"})
    void aManagerInPythonIsTold(String kind) throws Exception {
        UnixAddress address = kind.equals("pathname")
                ? UnixAddress.of(directory.resolve("notify"))
                : UnixAddress.of("@fdpass-" + java.util.UUID.randomUUID());
        try (ChildProcess python = Python.start(MANAGER, address);
                EventFd bell = EventFd.create()) {
            NotifySocket manager = NotifySocket.of(address);
            untilBound(manager);
            manager.ready();
            manager.reloading();
            manager.status("grüßt = alle");
            manager.errno(2);
            manager.watchdog();
            manager.mainPid(4711);
            manager.extendTimeout(Duration.ofMillis(1500));
            manager.storeFds("bells", bell, bell);
            manager.storeFdsWithoutPolling("", bell);
            manager.removeFds("bells");
            manager.barrier(Managers.PATIENCE);
            manager.send(List.of("X_OWN=a=b", "READY=1"), bell);
            manager.stopping();

            assertThat(python.await().outputOfSuccess().lines().filter(line -> !line.startsWith("TRY")))
                    .containsExactly(
                            "bound",
                            "READY=1 0",
                            "reloading True 0",
                            "STATUS=grüßt = alle 0",
                            "ERRNO=2 0",
                            "WATCHDOG=1 0",
                            "MAINPID=4711 0",
                            "EXTEND_TIMEOUT_USEC=1500000 0",
                            "FDSTORE=1 FDNAME=bells 2",
                            "FDSTORE=1 FDNAME= FDPOLL=0 1",
                            "FDSTOREREMOVE=1 FDNAME=bells 0",
                            "BARRIER=1 1",
                            "X_OWN=a=b READY=1 1",
                            "STOPPING=1 0");
        }
    }

    private static void untilBound(NotifySocket manager) throws IOException {
        Waiting.untilListening(() -> true, () -> {
            manager.send("TRY=1");
            return manager;
        });
    }

    @Test
    void aBarrierWaitsForTheReceiver() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.bind()) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress());
            manager.status("before");
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    manager.barrier(Managers.PATIENCE);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(Managers.next(receiver)).containsExactly(entry("STATUS", "before"));
            try (Notification barrier = receiver.receive(Managers.PATIENCE)) {
                assertThat(barrier.isBarrier()).isTrue();
                assertThat(barrier.fdCount()).isZero();
                assertThat(barrier.takeFds()).isEmpty();
                assertThatThrownBy(() -> barrier.takeFd(0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThat(waiting.join(Duration.ofMillis(200))).isFalse();
            }
            assertThat(waiting.join(Managers.PATIENCE)).isTrue();
        }
    }

    @Test
    void aBarrierThatNobodyAnswersTimesOut() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.bind()) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress());
            long begin = System.nanoTime();
            assertThatThrownBy(() -> manager.barrier(Duration.ofMillis(150)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageStartingWith("the barrier timed out after PT0.15S");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(149));
            assertThatThrownBy(() -> manager.barrier(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** What a receiver writes into the pipe is no answer. */
    @Test
    void aBarrierIsAnsweredByClosingAlone() throws Exception {
        try (var receiver = dev.fdpass.UnixDatagram.bind(UnixAddress.unnamed())) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress());
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    manager.barrier(Duration.ZERO);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            receiver.setReceiveTimeout(Managers.PATIENCE);
            try (var received = receiver.receive(100, 1);
                    OwnedFd end = received.takeFd(0)) {
                end.write(dev.fdpass.testing.Text.buffer("not yet"));
                assertThat(waiting.join(Duration.ofMillis(200))).isFalse();
            }
            assertThat(waiting.join(Managers.PATIENCE)).isTrue();
        }
    }

    @Test
    void moreDescriptorsThanOneMessageCarriesGoInSeveral() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.bind();
                EventFd bell = EventFd.create()) {
            EventFd[] bells = new EventFd[300];
            Arrays.fill(bells, bell);
            NotifySocket.of(receiver.localAddress()).storeFds("bells", bells);
            for (int expected : new int[] {253, 47}) {
                try (Notification store = receiver.receive(Managers.PATIENCE)) {
                    assertThat(store.fields()).containsExactly(entry("FDSTORE", "1"), entry("FDNAME", "bells"));
                    assertThat(store.fdCount()).isEqualTo(expected);
                    try (OwnedFd last = store.takeFd(expected - 1)) {
                        assertThat(last.info().kind()).isEqualTo(FdInfo.Kind.EVENTFD);
                    }
                }
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closing is what this is about
    void whatCannotBeToldIsRefusedAndNothingIsSent() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.bind();
                EventFd closed = EventFd.create()) {
            NotifySocket manager = NotifySocket.of(receiver.localAddress());
            closed.close();
            refused("line feed at index 3", () -> manager.status("two\nlines"));
            refused("NUL at index 0", () -> manager.status("\0"));
            refused("systemd takes 4096", () -> manager.status("x".repeat(4090)));
            refused("half of a surrogate pair", () -> manager.status("\ud800"));
            refused("1 or more", () -> manager.errno(0));
            refused("process numbers are", () -> manager.mainPid(0));
            refused("at least a microsecond", () -> manager.extendTimeout(Duration.ofNanos(999)));
            refused("none of them ':'", () -> manager.storeFds("a:b", closed));
            refused("at least one", () -> manager.storeFds("a"));
            refused("closed", () -> manager.storeFds("a", closed));
            refused("none of them ':'", () -> manager.removeFds("a\n"));
            refused("is no assignment", () -> manager.send("READY"));
            refused("is no assignment", () -> manager.send("=1"));
            refused("line feed", () -> manager.send("A=1\nB=2"));
            refused("nothing to tell", () -> manager.send());
            assertThat(receiver.tryReceive()).isEmpty();
            manager.status("x".repeat(4089));
            assertThat(Managers.next(receiver).get("STATUS")).hasSize(4089);
            assertThat(receiver.skipped()).isZero();
        }
    }

    private static void refused(String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    @Test
    void nobodyThereIsAConnectException() {
        NotifySocket manager = NotifySocket.of(UnixAddress.of(directory.resolve("nobody")));
        assertThatThrownBy(manager::ready)
                .isInstanceOf(ConnectException.class)
                .hasCauseInstanceOf(ErrnoException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "/", "relative", "./@x", "unix:/run/x"})
    void anAddressThatIsNoneIsSaid(String value) {
        if (value.equals("/")) {
            value = "/" + "x".repeat(200);
        }
        String malformed = value;
        assertThatThrownBy(() -> NotifyAddress.parse(malformed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NOTIFY_SOCKET");
    }

    @Test
    void theHostOfAVirtualMachineIsNotSupported() {
        assertThatThrownBy(() -> NotifyAddress.parse("vsock:2:1234"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("vsock:2:1234");
    }
}
