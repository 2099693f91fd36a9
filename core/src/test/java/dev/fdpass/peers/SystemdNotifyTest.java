package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmOption;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Text;
import dev.fdpass.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The library as a service manager, for a service that says that it is ready with {@code systemd-notify}. The tool then
 * sends a barrier, the end of a pipe, and waits up to 5 seconds until everybody has closed it: it tells a leak.
 */
class SystemdNotifyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pathname", "abstract"})
    void theToolExitsAtOnceWhenItsBarrierIsClosed(String kind) throws Exception {
        try (UnixDatagram manager = UnixDatagram.bind(address(kind));
                ChildProcess tool = notifyReady(manager)) {
            receiveReady(manager);
            Set<String> before = pipes();
            try (Received barrier = manager.receive(4096, 4)) {
                assertThat(Text.of(barrier.data())).isEqualTo("BARRIER=1");
                assertThat(barrier.fdCount()).isEqualTo(1);
                Set<String> more = pipes();
                more.removeAll(before);
                assertThat(more).as("the barrier").hasSize(1);
            }
            assertThat(pipes()).as("without it").isSubsetOf(before);
            tool.await().outputOfSuccess(); // it fails if it has waited in vain
        }
    }

    /** Nor do credentials, which the tool sends with each message, keep the barrier open. */
    @Test
    @DisplayName("R05: who notifies is said beside the barrier")
    void credentialsComeBesideTheBarrier() throws Exception {
        try (UnixDatagram manager = UnixDatagram.bind(address("pathname"))) {
            manager.setOption(ScmOption.SO_PASSCRED, true);
            try (ChildProcess tool = notifyReady(manager)) {
                receiveReady(manager);
                try (Received barrier = manager.receive(4096, 1)) {
                    assertThat(barrier.credentials().orElseThrow().pid()).isEqualTo((int) tool.pid());
                    assertThat(barrier.isControlTruncated()).isFalse();
                    assertThat(barrier.fdCount()).isEqualTo(1);
                }
                tool.await().outputOfSuccess();
            }
        }
    }

    /** Not even asking for it leaves it open: what there is no room for is closed. */
    @Test
    void itIsClosedAlsoWhereThereIsNoRoomForIt() throws Exception {
        try (UnixDatagram manager = UnixDatagram.bind(address("pathname"));
                ChildProcess tool = notifyReady(manager)) {
            receiveReady(manager);
            Set<String> before = pipes();
            try (Received barrier = manager.receive(4096, 0)) {
                assertThat(barrier.isControlTruncated()).isTrue();
                assertThat(pipes()).isSubsetOf(before);
            }
            tool.await().outputOfSuccess();
        }
    }

    /** Without this, that the tool exits would prove nothing. */
    @Test
    void theToolWaitsAndFailsWhileItsBarrierIsOpen() throws Exception {
        long begin = System.nanoTime();
        try (UnixDatagram manager = UnixDatagram.bind(address("pathname"));
                ChildProcess tool = notifyReady(manager)) {
            receiveReady(manager);
            try (Received barrier = manager.receive(4096, 4);
                    OwnedFd kept = barrier.takeFd(0)) {
                assertThat(kept.info().kind()).isEqualTo(FdInfo.Kind.PIPE);
                assertThat(tool.await().status()).isNotZero();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(4500));
            }
        }
    }

    /** Those that this process has open; the barrier is one. */
    private static Set<String> pipes() {
        return DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(name -> name.startsWith("pipe:"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private UnixAddress address(String kind) {
        return kind.equals("abstract")
                ? UnixAddress.of("@fdpass-notify-" + UUID.randomUUID())
                : UnixAddress.of(directory.resolve("notify"));
    }

    private static ChildProcess notifyReady(UnixDatagram manager) throws Exception {
        manager.setReceiveTimeout(PATIENCE);
        return ChildProcess.start(
                List.of("env", "NOTIFY_SOCKET=" + manager.localAddress(), Tool.SYSTEMD_NOTIFY.command(), "--ready"));
    }

    private static void receiveReady(UnixDatagram manager) throws Exception {
        try (Received ready = manager.receive(4096, 4)) {
            Stream<String> lines = UTF_8.decode(ready.data()).toString().lines();
            assertThat(lines).contains("READY=1");
            assertThat(ready.fdCount()).isZero();
        }
    }
}
