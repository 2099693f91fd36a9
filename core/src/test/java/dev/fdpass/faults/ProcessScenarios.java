package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.Received;
import dev.fdpass.ScmOption;
import dev.fdpass.Signal;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.systemd.Notification;
import dev.fdpass.systemd.NotifyReceiver;
import dev.fdpass.systemd.NotifySocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Processes, what the kernel says of peers, and refusing. */
final class ProcessScenarios {
    private ProcessScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put(
                "open a process",
                stage ->
                        stage.operation(() -> PidFd.open(ProcessHandle.current().pid())));
        all.put("signal a process", ProcessScenarios::signal);
        all.put("tell that a service reloads", ProcessScenarios::reloading);
        all.put("ask whether a process runs", ProcessScenarios::isAlive);
        all.put("wait for a process until it times out", ProcessScenarios::awaitExit);
        all.put("ask for the number of a process", ProcessScenarios::pid);
        all.put("credentials of the peer", ProcessScenarios::peerCredentials);
        all.put("groups of the peer", ProcessScenarios::peerGroups);
        all.put("process of the peer", ProcessScenarios::peerPidFd);
        all.put("set an option", ProcessScenarios::setOption);
        all.put("ask for an option", ProcessScenarios::getOption);
        all.put("take what was not expected", ProcessScenarios::takeUnexpected);
        all.put("take a socket that was expected", ProcessScenarios::takeExpected);
    }

    private static PidFd self(Stage stage) throws Exception {
        return stage.keep(PidFd.open(ProcessHandle.current().pid()));
    }

    private static void signal(Stage stage) throws Exception {
        PidFd self = self(stage);
        stage.operation(() -> {
            self.sendSignal(Signal.SIGCONT); // which does nothing to what runs
            return null;
        });
    }

    private static void reloading(Stage stage) throws Exception {
        NotifyReceiver manager = stage.keep(NotifyReceiver.bind());
        NotifySocket service = NotifySocket.of(manager.localAddress());
        stage.operation(() -> {
            service.reloading();
            return null;
        });
        stage.after(failed -> {
            try (Notification notification = failed ? null : manager.receive(Duration.ofSeconds(5))) {
                assertThat(failed || notification.isReloading()).isTrue();
            }
            assertThat(manager.tryReceive()).isEmpty();
            return "";
        });
    }

    private static void isAlive(Stage stage) throws Exception {
        PidFd self = self(stage);
        stage.operation(self::isAlive);
    }

    private static void awaitExit(Stage stage) throws Exception {
        PidFd self = self(stage);
        stage.operation(() -> {
            self.awaitExit(Duration.ofMillis(5));
            return null;
        });
        stage.after(failed -> {
            assertThat(self.isAlive()).isTrue();
            return "";
        });
    }

    private static void pid(Stage stage) throws Exception {
        PidFd self = self(stage);
        stage.operation(() -> self.pid() == ProcessHandle.current().pid() ? "this process" : "another");
    }

    private static void peerCredentials(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        stage.operation(() -> pair.first().peer().credentials().pid()
                        == ProcessHandle.current().pid()
                ? "this process"
                : "another");
    }

    private static void peerGroups(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        stage.operation(() -> pair.first().peer().groups());
    }

    private static void peerPidFd(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        stage.operation(() -> pair.first().peer().pidFd());
    }

    /** Should it not be known afterwards what the options add, there is room for all that they may. */
    private static void setOption(Stage stage) {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        stage.operation(() -> {
            pair.get().second().setOption(ScmOption.SO_PASSCRED, true);
            return null;
        });
        stage.after(failed -> {
            pair.get().first().send(ByteBuffer.allocate(2), pair.get().first());
            return Look.arrives(pair.get().second(), 2, 1);
        });
    }

    private static void getOption(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        stage.operation(() -> pair.first().getOption(ScmOption.SO_PASSCRED));
    }

    private static void takeUnexpected(Stage stage) throws Exception {
        Supplier<Received> received = received(stage);
        stage.operation(() -> received.get().takeFd(0, Expect.pipe()));
    }

    private static Supplier<Received> received(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        OwnedFd fd = stage.keep(OwnedFd.open(Path.of("/dev/null")));
        return stage.fresh(() -> {
            pair.first().send(ByteBuffer.allocate(2), fd, pair.first());
            return pair.second().receive(8, 2);
        });
    }

    private static void takeExpected(Stage stage) throws Exception {
        Supplier<Received> received = received(stage);
        stage.operation(() -> received.get().takeFd(1, Expect.unixSeqpacket().notListening()));
    }
}
