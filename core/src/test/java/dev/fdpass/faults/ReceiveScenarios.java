package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmBatch;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.SocketType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Supplier;

/** Receiving, and what is done with what came. */
final class ReceiveScenarios {
    private ReceiveScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        for (SocketType type : SocketType.values()) {
            all.put("receive on a " + type, stage -> receive(stage, type));
        }
        all.put("receive into a reusable message", ReceiveScenarios::receiveMessage);
        all.put("receive into a batch", ReceiveScenarios::receiveBatch);
        all.put("tryReceive", ReceiveScenarios::tryReceive);
        all.put("tryReceive where nothing is", ReceiveScenarios::tryReceiveNothing);
        all.put("receive where somebody has set an option", ReceiveScenarios::receiveWithUnknownOption);
        all.put("nextPacketSize", ReceiveScenarios::nextPacketSize);
        all.put("an empty packet of a peer that has closed", ReceiveScenarios::emptyPacket);
        all.put("read as a channel", ReceiveScenarios::read);
        all.put("close what was received and not taken", ReceiveScenarios::closeReceived);
        all.put("close one that was received and not taken", ReceiveScenarios::closeReceivedOne);
    }

    private static void receive(Stage stage, SocketType type) throws Exception {
        SocketPair<? extends ScmSocket> pair = stage.keep(type.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(() -> pair.second().receive(8, 2));
        stage.after(failed -> Look.stillThere(pair.second(), failed));
    }

    private static void receiveMessage(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        ScmMessage message = stage.keep(ScmMessage.allocate(8, 2));
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(() -> pair.second().receive(message));
        stage.after(failed -> {
            assertThat(message.fdCount()).isEqualTo(failed ? 0 : 1);
            return Look.stillThere(pair.second(), failed);
        });
    }

    private static void receiveBatch(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        ScmBatch batch = stage.keep(ScmBatch.allocate(2, 8, 2));
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(() -> pair.second().receiveAll(batch));
        stage.after(failed -> {
            assertThat(batch.message(0).fdCount()).isEqualTo(failed ? 0 : 1);
            return Look.stillThere(pair.second(), failed);
        });
    }

    private static void tryReceive(Stage stage) throws Exception {
        SocketPair<UnixDatagram> pair = stage.keep(UnixDatagram.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(() -> {
            var received = pair.second().tryReceive(8, 2);
            return received.isPresent() ? received.get() : "nothing yet";
        });
        stage.after(failed -> {
            pair.second().tryReceive(8, 2).ifPresent(received -> {
                assertThat(received.fdCount()).isEqualTo(1);
                received.close();
            });
            return "";
        });
    }

    private static void tryReceiveNothing(Stage stage) throws Exception {
        SocketPair<UnixDatagram> pair = stage.keep(UnixDatagram.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.operation(() -> pair.second().tryReceive(8, 2).isPresent() ? "something" : "nothing yet");
        stage.after(failed -> {
            pair.first().send(buffer("ab"), fd);
            return Look.arrives(pair.second(), 2, 1);
        });
    }

    /** What it adds is learnt from the first message that has no room for its descriptor. */
    private static void receiveWithUnknownOption(Stage stage) throws Exception {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        EventFd fd = stage.keep(EventFd.create());
        stage.before(() -> {
            try (UnixSeqpacket view =
                    UnixSeqpacket.adopt(pair.get().second().asFd().duplicate())) {
                view.setOption(ScmOption.SO_PASSCRED, true);
            }
            pair.get().first().send(buffer("ab"), fd);
        });
        stage.operation(() -> pair.get().second().receive(8, 1));
        stage.after(failed -> {
            pair.get().first().send(buffer("ab"), fd);
            try (Received next = pair.get().second().receive(8, 1)) {
                assertThat(next.fdCount()).isEqualTo(1);
            }
            return "";
        });
    }

    private static void nextPacketSize(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(pair.second()::nextPacketSize);
        stage.after(failed -> Look.stillThere(pair.second(), true));
    }

    /** Told from the end only by what is queued behind it. */
    private static void emptyPacket(Stage stage) throws Exception {
        Supplier<SocketPair<UnixSeqpacket>> pair = stage.fresh(UnixSeqpacket::pair);
        stage.before(() -> {
            pair.get().first().send(ByteBuffer.allocate(0));
            pair.get().first().send(buffer("behind"));
            pair.get().first().close();
        });
        stage.operation(() -> pair.get().second().receive(8, 2));
        stage.after(failed -> Look.arrives(pair.get().second(), 6, 0));
    }

    private static void read(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.before(() -> pair.first().send(buffer("ab"), fd));
        stage.operation(() -> pair.second().read(ByteBuffer.allocate(8)));
        stage.after(failed -> Look.stillThere(pair.second(), failed));
    }

    private static void closeReceived(Stage stage) throws Exception {
        closeReceived(stage, 3);
    }

    private static void closeReceivedOne(Stage stage) throws Exception {
        closeReceived(stage, 1);
    }

    private static void closeReceived(Stage stage, int count) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        OwnedFd[] fds = new OwnedFd[count];
        for (int i = 0; i < count; i++) {
            fds[i] = stage.keep(OwnedFd.open(java.nio.file.Path.of("/dev/null")));
        }
        Supplier<Received> received = stage.fresh(() -> {
            pair.first().send(buffer("ab"), fds);
            return pair.second().receive(8, 8);
        });
        stage.operation(() -> {
            received.get().close();
            return null;
        });
    }
}
