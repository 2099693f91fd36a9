package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.fdpass.Credentials;
import dev.fdpass.EventFd;
import dev.fdpass.Expect;
import dev.fdpass.FdPipe;
import dev.fdpass.Interest;
import dev.fdpass.OwnedFd;
import dev.fdpass.Poller;
import dev.fdpass.RejectedFdException;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.Tool;
import java.io.BufferedReader;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifyReceiverTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pathname", "abstract", "chosen"})
    void systemdNotifyTellsAndItsBarrierIsAnswered(String kind) throws Exception {
        try (NotifyReceiver manager = Managers.bind(kind, directory);
                ChildProcess tool = ChildProcess.start(List.of(
                        "env",
                        "NOTIFY_SOCKET=" + manager.environmentValue(),
                        Tool.SYSTEMD_NOTIFY.command(),
                        "--ready",
                        "--pid=4711",
                        "--status=all is well"))) {
            try (Notification ready = manager.receive(Managers.PATIENCE)) {
                assertThat(ready.isReady()).isTrue();
                assertThat(ready.isBarrier()).isFalse();
                assertThat(ready.get("STATUS")).contains("all is well");
                assertThat(ready.get("MAINPID")).contains("4711");
                assertThat(ready.sender().uid()).isEqualTo(Credentials.ofSelf().uid());
                assertThat(ready.fdCount()).isZero();
            }
            try (Notification barrier = manager.receive(Managers.PATIENCE)) {
                assertThat(barrier.isBarrier()).isTrue();
                assertThat(barrier.sender().pid()).isEqualTo((int) tool.pid());
            }
            tool.await().outputOfSuccess(); // after 5 s it says that its barrier timed out, and fails
            assertThat(manager.skipped()).isZero();
        }
    }

    @Test
    void aServiceInJavaFindsTheManagerInItsEnvironment() throws Exception {
        try (NotifyReceiver manager = Managers.bind("pathname", directory)) {
            Process service = manager.give(Spawn.of(JavaProgram.onClassPath(NotifyingService.class)))
                    .variable("WATCHDOG_USEC", "2000000")
                    .processNumberIn("WATCHDOG_PID")
                    .inheritIo()
                    .start();
            try (Notification ready = manager.receive(Managers.PATIENCE)) {
                assertThat(ready.fields()).containsExactly(entry("READY", "1"), entry("STATUS", "watched every PT2S"));
                assertThat(ready.sender().pid()).isEqualTo((int) service.pid());
            }
            try (Notification barrier = manager.receive(Managers.PATIENCE)) {
                assertThat(barrier.isBarrier()).isTrue();
            }
            assertThat(Managers.next(manager)).containsExactly(entry("STOPPING", "1"));
            assertThat(service.waitFor()).isZero();
        }
    }

    /** What a manager with {@code NotifyAccess=all} looks at; the child is there, as it waits for its barrier. */
    @ParameterizedTest
    @ValueSource(strings = {"pathname", "chosen"})
    void aChildOfTheServiceIsSeenAsItself(String kind) throws Exception {
        try (NotifyReceiver manager = Managers.bind(kind, directory)) {
            Process service = manager.give(Spawn.of(JavaProgram.onClassPath(ServiceWithChild.class)))
                    .inheritIo()
                    .start();
            try (Notification told = manager.receive(Managers.PATIENCE);
                    Notification barrier = manager.receive(Managers.PATIENCE)) {
                Credentials child = told.sender();
                assertThat(told.get("X_PID")).contains(Integer.toString(child.pid()));
                assertThat(child.uid()).isEqualTo(Credentials.ofSelf().uid());
                assertThat(child.gid()).isEqualTo(Credentials.ofSelf().gid());
                assertThat(barrier.isBarrier()).isTrue();
                assertThat(barrier.sender()).isEqualTo(child);
                assertThat(ProcessHandle.of(child.pid()).orElseThrow().parent().map(ProcessHandle::pid))
                        .contains(service.pid());
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cgroup")))
                        .isEqualTo(Files.readString(Path.of("/proc/" + service.pid() + "/cgroup")));
            }
            assertThat(service.waitFor()).isZero();
        }
    }

    @Test
    void aServiceWithoutAManagerTellsNobody() throws Exception {
        Process service = Spawn.of(JavaProgram.onClassPath(TellsNobody.class))
                .withoutVariable("NOTIFY_SOCKET")
                .inheritIo()
                .stdoutPipe()
                .start();
        try (BufferedReader output = service.inputReader()) {
            assertThat(output.lines()).containsExactly("NotifySocket[nobody] false", "refused");
        }
        assertThat(service.waitFor()).isZero();
    }

    @Test
    void whatIsMalformedIsSkippedAndItsDescriptorsAreClosed() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                UnixDatagram sender = UnixDatagram.open().connect(manager.localAddress());
                FdPipe pipe = FdPipe.open()) {
            OwnedFd end = pipe.writeEnd();
            for (String malformed : List.of(
                    "", "no field", "=1", "READY=1\0STATUS=x", "\0", "BARRIER=1\nREADY=1", "\n\n", "BARRIER=1\nX=\0")) {
                sender.send(Text.buffer(malformed), end);
            }
            // A queue has room for net.unix.max_dgram_qlen messages, mostly 10.
            assertThat(manager.tryReceive()).isEmpty();
            assertThat(manager.skipped()).isEqualTo(8);
            sender.send(Text.buffer("BARRIER=1"));
            sender.send(Text.buffer("BARRIER=1"), end, end);
            sender.send(Text.buffer("STATUS=" + "x".repeat(4090)), end);
            sender.send(ByteBuffer.wrap(new byte[] {'A', '=', (byte) 0xff}), end);
            sender.send(Text.buffer("READY=1\0"));
            end.close();

            assertThat(Managers.next(manager)).containsExactly(entry("READY", "1"));
            assertThat(manager.skipped()).isEqualTo(12);
            assertThat(pipe.readEnd().read(ByteBuffer.allocate(1))).isEqualTo(-1); // nobody has the other end
        }
    }

    @Test
    void ofSeveralValuesTheFirstCountsAndWhatIsNoFieldIsLeftOut() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                UnixDatagram sender = UnixDatagram.open().connect(manager.localAddress())) {
            sender.send(ByteBuffer.wrap("A=1\nnonsense\n\nB==\nX=\u00ff\nA=2\nC=\n"
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
            Map<String, String> fields = Managers.next(manager);
            assertThat(fields).containsExactly(entry("A", "1"), entry("B", "="), entry("C", ""));
            assertThatThrownBy(() -> fields.put("D", "1")).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void descriptorsBelongToTheNotificationUntilTheyAreTaken() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                EventFd bell = EventFd.create();
                FdPipe pipe = FdPipe.open()) {
            NotifySocket.of(manager.localAddress()).storeFds("both", bell, pipe.writeEnd());
            pipe.writeEnd().close();
            OwnedFd taken;
            try (Notification store = manager.receive(Managers.PATIENCE)) {
                assertThat(store.isFdStore()).isTrue();
                assertThat(store.isFdStoreRemove()).isFalse();
                assertThat(store.fdName()).contains("both");
                assertThat(store.fdCount()).isEqualTo(2);
                taken = store.takeFd(0);
            }
            try (EventFd same = EventFd.adopt(taken)) {
                same.write(5);
            }
            assertThat(bell.read()).isEqualTo(5);
            assertThat(pipe.readEnd().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void whatIsNotExpectedIsClosed() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                EventFd bell = EventFd.create();
                FdPipe pipe = FdPipe.open()) {
            NotifySocket.of(manager.localAddress()).storeFds("both", bell, pipe.writeEnd());
            pipe.writeEnd().close();
            try (Notification store = manager.receive(Managers.PATIENCE)) {
                assertThatThrownBy(() -> store.takeFd(1, Expect.eventFd())).isInstanceOf(RejectedFdException.class);
                assertThat(pipe.readEnd().read(ByteBuffer.allocate(1))).isEqualTo(-1);
                try (OwnedFd taken = store.takeFd(0, Expect.eventFd())) {
                    assertThat(taken.isOpen()).isTrue();
                }
            }
        }
    }

    /** systemd ignores such a name. */
    @Test
    void aNameThatIsNoneIsNoName() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind()) {
            NotifySocket service = NotifySocket.of(manager.localAddress());
            service.send("FDSTOREREMOVE=1", "FDNAME=a:b");
            try (Notification remove = manager.receive(Managers.PATIENCE)) {
                assertThat(remove.isFdStoreRemove()).isTrue();
                assertThat(remove.isFdStore()).isFalse();
                assertThat(remove.fdName()).isEmpty();
            }
        }
    }

    @Test
    void itWaitsNoLongerThanItIsTold() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                UnixDatagram sender = UnixDatagram.open().connect(manager.localAddress())) {
            sender.send(Text.buffer("nonsense"));
            long begin = System.nanoTime();
            assertThatThrownBy(() -> manager.receive(Duration.ofMillis(100)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(99));
            assertThat(manager.tryReceive()).isEmpty();
        }
    }

    @Test
    void whoWaitsForHisTurnWaitsNoLongerThanHeIsTold() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                var first = Background.blocked(() -> Managers.next(manager));
                var second = Background.run(() -> manager.receive(Duration.ofMillis(200)))) {
            assertThat(second.failure())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no notification came within PT0.2S");
            assertThat(first.isDone()).isFalse();
            NotifySocket.of(manager.localAddress()).watchdog();
            assertThat(first.get()).containsExactly(entry("WATCHDOG", "1"));
        }
    }

    @Test
    void anAttemptDoesNotWaitForWhoWaits() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                var first = Background.blocked(() -> Managers.next(manager));
                var attempt = Background.run(manager::tryReceive)) {
            assertThat(attempt.get()).isEmpty();
            assertThat(first.isDone()).isFalse();
            NotifySocket.of(manager.localAddress()).watchdog();
            assertThat(first.get()).containsExactly(entry("WATCHDOG", "1"));
        }
    }

    @Test
    @SuppressWarnings("try") // closing is what this is about
    void closingWakesAlsoWhoWaitsForHisTurn() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                var first = Background.blocked(manager::receive);
                var second = Background.blocked(manager::receive)) {
            manager.close();
            assertThat(first.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(second.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(manager::receive).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    /** As an interrupt of the one that receives does. */
    @Test
    void anInterruptOfWhoWaitsForHisTurnClosesIt() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                var first = Background.blocked(manager::receive);
                var second = Background.blocked(() -> {
                    assertThatThrownBy(manager::receive).isInstanceOf(ClosedByInterruptException.class);
                    return Thread.currentThread().isInterrupted();
                })) {
            second.thread().interrupt();
            assertThat(second.get()).isTrue();
            assertThat(first.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(manager.isOpen()).isFalse();
        }
    }

    @Test
    void aPollerTellsWhenSomethingIsThere() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                Poller<String> poller = Poller.open()) {
            poller.register(manager, Interest.READ, "manager");
            assertThat(poller.tryAwait()).isZero();
            NotifySocket.of(manager.localAddress()).watchdog();
            assertThat(poller.await(Managers.PATIENCE)).isEqualTo(1);
            try (Notification notification = manager.tryReceive().orElseThrow()) {
                assertThat(notification.isWatchdog()).isTrue();
            }
            assertThat(poller.tryAwait()).isZero();
        }
    }

    @Test
    @SuppressWarnings("try") // closing is what this is about
    void closingWakesWhoWaits() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.bind();
                var waiting = Background.blocked(manager::receive)) {
            manager.close();
            assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void itsFileIsRemovedAndARelativePathIsMadeAbsolute() throws Exception {
        Path relative = Path.of("target", "notify-" + ProcessHandle.current().pid());
        try (NotifyReceiver manager = NotifyReceiver.bind(UnixAddress.of(relative))) {
            assertThat(manager.environmentValue())
                    .isEqualTo(relative.toAbsolutePath().toString());
            assertThat(relative).exists();
        }
        assertThat(Files.exists(relative)).isFalse();
    }

    @Test
    void anAddressThatDoesNotFitInTheVariableIsRefused() {
        assertThatThrownBy(() -> NotifyReceiver.bind(UnixAddress.ofAbstract(new byte[] {'a', 0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOTIFY_SOCKET");
        assertThatThrownBy(() -> NotifyReceiver.bind(UnixAddress.of("/" + "x".repeat(107))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 107");
    }
}
