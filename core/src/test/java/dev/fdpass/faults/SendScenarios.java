package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.Received;
import dev.fdpass.ScmBatch;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.SocketType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Sending. */
final class SendScenarios {
    /** Several times what a socket holds. */
    static final int LARGE = 1 << 21;

    private SendScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        for (SocketType type : SocketType.values()) {
            all.put("send on a " + type, stage -> send(stage, type));
        }
        all.put("send of bytes alone", SendScenarios::sendBytes);
        all.put("send of a reusable message", SendScenarios::sendMessage);
        all.put("send of a batch", SendScenarios::sendBatch);
        all.put("send to an address", SendScenarios::sendTo);
        all.put("trySend", SendScenarios::trySend);
        all.put("send of four bytes", SendScenarios::sendFour);
        all.put("send of more than a stream holds", SendScenarios::sendMuch);
        all.put("send to a socket that is full", SendScenarios::sendToFull);
    }

    private static void send(Stage stage, SocketType type) throws Exception {
        SocketPair<? extends ScmSocket> pair = stage.keep(type.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.operation(() -> pair.first().send(buffer("ab"), fd));
        stage.after(failed -> Look.sent(pair.first(), pair.second(), failed));
    }

    private static void sendBytes(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        stage.operation(() -> pair.first().send(buffer("ab")));
        stage.after(failed -> {
            assertThat(pair.second().tryReceive(8, 2).isPresent()).isNotEqualTo(failed);
            pair.first().send(buffer("next"));
            return Look.arrives(pair.second(), 4, 0);
        });
    }

    private static void sendMessage(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        EventFd fd = stage.keep(EventFd.create());
        ScmMessage message = stage.keep(ScmMessage.allocate(2, 1));
        message.payload().put(new byte[2]);
        message.addFd(fd);
        stage.operation(() -> {
            pair.first().send(message);
            return null;
        });
        stage.after(failed -> {
            assertThat(message.sentBytes()).isZero();
            return Look.sent(pair.first(), pair.second(), failed);
        });
    }

    private static void sendBatch(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        EventFd fd = stage.keep(EventFd.create());
        ScmBatch batch = stage.keep(ScmBatch.allocate(1, 2, 1));
        batch.message(0).payload().put(new byte[2]);
        batch.message(0).addFd(fd);
        stage.operation(() -> {
            pair.first().sendAll(batch, 1);
            return null;
        });
        stage.after(failed -> {
            assertThat(batch.sent()).isZero();
            return Look.sent(pair.first(), pair.second(), failed);
        });
    }

    private static void sendTo(Stage stage) throws Exception {
        UnixDatagram receiver = stage.keep(UnixDatagram.bind(dev.fdpass.UnixAddress.unnamed()));
        UnixDatagram sender = stage.keep(UnixDatagram.open());
        EventFd fd = stage.keep(EventFd.create());
        stage.operation(() -> sender.sendTo(receiver.localAddress(), buffer("ab"), fd));
        stage.after(failed -> {
            if (failed) {
                sender.sendTo(receiver.localAddress(), buffer("ab"), fd);
            }
            return Look.arrives(receiver, 2, 1);
        });
    }

    private static void trySend(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.operation(() -> pair.first().trySend(buffer("ab"), fd));
        stage.after(failed -> {
            // Nothing went, or all: so what is there is whole.
            pair.second().tryReceive(8, 2).ifPresent(received -> {
                assertThat(received.fdCount()).isEqualTo(1);
                received.close();
            });
            return Look.sent(pair.first(), pair.second(), true);
        });
    }

    private static void sendFour(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        stage.operation(() -> pair.first().send(buffer("abcd"), fd));
        stage.after(failed -> {
            try (Received received = pair.second().receive(8, 2)) {
                return "\"" + UTF_8.decode(received.data()) + "\" and " + received.fdCount() + " descriptors arrived";
            }
        });
    }

    /** Goes in parts. What failed half way is sent on by the next send, and the descriptor arrives once. */
    private static void sendMuch(Stage stage) throws Exception {
        SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
        EventFd fd = stage.keep(EventFd.create());
        ByteBuffer much = ByteBuffer.allocateDirect(LARGE);
        Supplier<ScmMessage> message = stage.fresh(() -> ScmMessage.allocate(0, 1));
        @SuppressWarnings({"unchecked", "rawtypes"})
        Background<String>[] reader = new Background[1];
        AtomicBoolean over = new AtomicBoolean();
        stage.before(() -> {
            message.get().addBuffer(much.clear()).addFd(fd);
            over.set(false);
            reader[0] = Background.run(() -> {
                while (!FaultyProgram.workerPolls() && !over.get()) {
                    Thread.sleep(1);
                }
                return drain(pair.second());
            });
        });
        stage.operation(() -> {
            try {
                pair.first().send(message.get());
                return null;
            } finally {
                over.set(true);
            }
        });
        stage.after(failed -> {
            if (failed) {
                pair.first().send(message.get());
            }
            assertThat(message.get().sentBytes()).isZero();
            return reader[0].get();
        });
    }

    /** Receives one large message. */
    private static String drain(UnixStream socket) throws Exception {
        long bytes = 0;
        int fds = 0;
        while (bytes < LARGE) {
            try (Received received = socket.receive(1 << 17, 2)) {
                bytes += received.bytes();
                fds += received.fdCount();
            }
        }
        return bytes + " bytes and " + fds + " descriptor arrived";
    }

    private static void sendToFull(Stage stage) throws Exception {
        SocketPair<UnixSeqpacket> pair = stage.keep(UnixSeqpacket.pair());
        EventFd fd = stage.keep(EventFd.create());
        while (pair.first().trySend(buffer("full")).isPresent()) {
            // until it is
        }
        pair.first().setSendTimeout(Duration.ofMillis(5));
        stage.operation(() -> pair.first().send(buffer("ab"), fd));
        stage.after(failed -> {
            Look.arrives(pair.second(), 4, 0);
            assertThat(pair.first().trySend(buffer("full"))).isPresent();
            return "";
        });
    }
}
