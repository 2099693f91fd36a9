package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Making, connecting and adopting sockets: what fails half way leaves nothing. */
final class SetupScenarios {
    private SetupScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        for (SocketType type : SocketType.values()) {
            all.put("pair of " + type, stage -> stage.operation(type::pair));
            all.put("adopt a " + type, stage -> adopt(stage, type));
        }
        all.put("open a datagram socket", stage -> stage.operation(UnixDatagram::open));
        all.put("bind a datagram socket", SetupScenarios::bindDatagram);
        all.put("connect a stream", SetupScenarios::connectStream);
        all.put("connect a seqpacket", SetupScenarios::connectSeqpacket);
        all.put("connect where nobody listens", SetupScenarios::connectToNobody);
        all.put("connect a datagram socket", SetupScenarios::connectDatagram);
        all.put("remove a stale socket file", SetupScenarios::removeStaleFile);
        all.put("adopt a listener", SetupScenarios::adoptListener);
        all.put("adopt a listening socket", SetupScenarios::adoptListeningSocket);
    }

    private static void adopt(Stage stage, SocketType type) {
        Supplier<SocketPair<? extends ScmSocket>> pair = stage.fresh(type::pair);
        Supplier<OwnedFd> fd =
                stage.fresh(() -> OwnedFd.adopt(pair.get().second().asFd().detach()));
        stage.operation(() -> type.adopt(fd.get()));
        stage.after(failed -> {
            assertThat(fd.get().isOpen()).as("it stays open, and the caller's").isTrue();
            ScmSocket socket = type.adopt(fd.get());
            pair.get().first().send(buffer("ab"));
            return Look.arrives(socket, 2, 0);
        });
    }

    private static void bindDatagram(Stage stage) {
        Path path = Path.of("datagram");
        stage.atTheEnd(() -> Files.deleteIfExists(path));
        stage.operation(() -> UnixDatagram.bind(UnixAddress.of(path)));
        stage.after(failed -> {
            assertThat(Files.exists(path)).isEqualTo(!failed);
            return "";
        });
    }

    private static void connectStream(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        UnixAddress address = listener.localAddress();
        stage.operation(() -> UnixStream.connect(address));
        stage.after(failed -> canConnect(listener));
    }

    private static String canConnect(UnixStreamListener listener) throws IOException {
        try (UnixStream connection = UnixStream.connect(listener.localAddress())) {
            connection.send(buffer("ab"));
            int accepted = 0;
            for (var next = listener.tryAccept(); next.isPresent(); next = listener.tryAccept()) {
                next.get().close();
                accepted++;
            }
            assertThat(accepted).isPositive();
        }
        return "";
    }

    private static void connectSeqpacket(Stage stage) throws Exception {
        var listener = stage.keep(dev.fdpass.UnixSeqpacketListener.bind(UnixAddress.unnamed()));
        UnixAddress address = listener.localAddress();
        stage.operation(() -> UnixSeqpacket.connect(address));
    }

    private static void connectToNobody(Stage stage) {
        stage.operation(() -> UnixStream.connect(UnixAddress.of("@fdpass-nobody-listens-here")));
    }

    private static void connectDatagram(Stage stage) throws Exception {
        UnixDatagram receiver = stage.keep(UnixDatagram.bind(UnixAddress.unnamed()));
        UnixAddress address = receiver.localAddress();
        UnixDatagram sender = stage.keep(UnixDatagram.open());
        stage.operation(() -> {
            sender.connect(address);
            return null;
        });
        stage.after(failed -> {
            sender.connect(address).send(buffer("ab"));
            return Look.arrives(receiver, 2, 0);
        });
    }

    private static void removeStaleFile(Stage stage) {
        AtomicReference<Path> file = new AtomicReference<>();
        stage.before(() -> file.set(StaleFiles.take()));
        stage.operation(() -> UnixAddress.of(file.get()).removeStaleFile());
        stage.after(failed -> {
            String seen = Files.exists(file.get()) ? "it is there" : "it is gone";
            StaleFiles.give(file.get());
            return seen;
        });
    }

    private static void adoptListener(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        stage.operation(
                () -> UnixStreamListener.adopt(listener.asFd()).getClass().getSimpleName());
        stage.after(failed -> canConnect(listener));
    }

    private static void adoptListeningSocket(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        stage.operation(() -> ListeningSocket.adopt(listener.asFd()).getClass().getSimpleName());
        stage.after(failed -> canConnect(listener));
    }
}
