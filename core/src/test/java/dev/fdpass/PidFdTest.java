package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PidFdTest {
    private static Process sleeping() throws IOException {
        return new ProcessBuilder("sleep", "600").start();
    }

    private static void end(Process process) throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
    }

    @Test
    void knowsItsProcess() throws Exception {
        assertThat(PidFd.isSupported()).isTrue();
        Process process = sleeping();
        try (PidFd child = PidFd.open(process.toHandle())) {
            assertThat(child.pid()).isEqualTo(process.pid());
            assertThat(child.isAlive()).isTrue();
            assertThat(child.asFd().info().kind()).isEqualTo(FdInfo.Kind.PIDFD);
            assertThat(OpenFiles.flags(child.asFd().number()) & OpenFiles.CLOSE_ON_EXEC)
                    .isNotZero();
            assertThat(child)
                    .hasToString("PidFd[fd %d, process %d]", child.asFd().number(), process.pid());
        } finally {
            end(process);
        }
    }

    @Test
    void signalsItAndSeesItEnd() throws Exception {
        Process process = sleeping();
        try (PidFd child = PidFd.open(process.pid())) {
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(30))).isInstanceOf(SocketTimeoutException.class);
            child.sendSignal(Signal.SIGSTOP);
            child.sendSignal(Signal.SIGCONT);
            assertThat(child.isAlive()).isTrue();
            child.sendSignal(Signal.SIGTERM);
            child.awaitExit(Duration.ofSeconds(60));
            assertThat(child.isAlive()).isFalse();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
            assertThat(child.pid()).as("waited for").isEqualTo(-1);
            assertThatThrownBy(() -> child.sendSignal(Signal.SIGTERM))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("ESRCH"));
            child.awaitExit();
        } finally {
            end(process);
        }
    }

    @Test
    void thereIsNoneForANumberWithoutAProcess() throws Exception {
        Process process = sleeping();
        end(process);
        assertThatThrownBy(() -> PidFd.open(process.pid()))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("ESRCH"));
        assertThatIllegalArgumentException().isThrownBy(() -> PidFd.open(0)).withMessageContaining("1 to");
        assertThatIllegalArgumentException().isThrownBy(() -> PidFd.open(1L << 32));
    }

    @Test
    void aThreadIsNoProcess() throws Exception {
        long self = ProcessHandle.current().pid();
        long thread;
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            thread = threads.mapToLong(path -> Long.parseLong(path.getFileName().toString()))
                    .filter(number -> number != self)
                    .findFirst()
                    .orElseThrow();
        }
        assertThatThrownBy(() -> PidFd.open(thread))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isIn("EINVAL", "ENOENT"));
    }

    @Test
    void canBePassedOn() throws Exception {
        Process process = sleeping();
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                PidFd child = PidFd.open(process.pid())) {
            pair.first().send(ByteBuffer.allocate(1), child);
            try (Received received = pair.second().receive(1, 1);
                    PidFd same = PidFd.adopt(received.takeFd(0, Expect.pidFd()))) {
                assertThat(same.pid()).isEqualTo(process.pid());
                same.sendSignal(Signal.SIGKILL);
                same.awaitExit();
            }
            assertThat(process.waitFor()).isEqualTo(128 + 9);
        } finally {
            end(process);
        }
    }

    @Test
    void adoptsNothingElse() throws IOException {
        try (EventFd event = EventFd.create()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PidFd.adopt(event.asFd()))
                    .withMessageContaining("a pidfd is needed");
            assertThat(event.isOpen()).isTrue();
        }
    }

    @Test
    void closingWakesWhoeverWaits() throws Exception {
        Process process = sleeping();
        PidFd child = PidFd.open(process.pid());
        try {
            Background<Void> waiting = Background.blocked(() -> {
                child.awaitExit();
                return null;
            });
            child.close();
            assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(child::isAlive).isInstanceOf(ClosedChannelException.class);
        } finally {
            child.close();
            end(process);
        }
    }

    @Test
    void anInterruptClosesIt() throws Exception {
        Process process = sleeping();
        try (PidFd child = PidFd.open(process.pid())) {
            Background<Void> waiting = Background.blocked(() -> {
                child.awaitExit();
                return null;
            });
            waiting.thread().interrupt();
            assertThat(waiting.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(child.isOpen()).isFalse();
        } finally {
            end(process);
        }
    }

    @Test
    void theKernelGivesThatOfThePeer() throws Exception {
        assertThat(Peer.isPidFdSupported()).isEqualTo(ScmOption.SO_PASSPIDFD.isSupported());
        org.junit.jupiter.api.Assumptions.assumeTrue(Peer.isPidFdSupported(), "SO_PEERPIDFD needs Linux 6.5");
        try (PythonPeer python = PythonPeer.start("peer.recv(1)");
                PidFd peer = python.socket().peer().pidFd()) {
            assertThat(peer.pid()).isEqualTo(python.pid());
            assertThat(peer.isAlive()).isTrue();
            python.socket().shutdownOutput();
            peer.awaitExit(Duration.ofSeconds(60));
            assertThat(peer.isAlive()).isFalse();
        }
    }
}
