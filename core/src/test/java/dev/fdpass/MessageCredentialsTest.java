package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who sent a message, said by the kernel with each one. */
class MessageCredentialsTest {
    private static final Credentials OWN = Credentials.ofSelf();

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void theKernelFillsThemInWhereTheReceiverAsked(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1));
            assertThat(pair.second().getOption(ScmOption.SO_PASSCRED)).isFalse();
            try (Received before = pair.second().receive(1, 0)) {
                assertThat(before.credentials()).isEmpty();
            }
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            assertThat(pair.second().getOption(ScmOption.SO_PASSCRED)).isTrue();
            pair.first().send(ByteBuffer.allocate(1));
            try (Received asked = pair.second().receive(1, 0)) {
                assertThat(asked.credentials()).contains(OWN);
                assertThat(asked.isControlTruncated()).isFalse();
            }
            pair.second().setOption(ScmOption.SO_PASSCRED, false);
            pair.first().send(ByteBuffer.allocate(1));
            try (Received after = pair.second().receive(1, 0)) {
                assertThat(after.credentials()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L09: of a message that was queued before anyone asked nobody knows who sent it")
    void queuedBeforeAnyoneAsked(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            pair.first().send(ByteBuffer.allocate(1));
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            try (Received early = pair.second().receive(1, 0)) {
                assertThat(early.bytes()).isEqualTo(1);
                assertThat(early.credentials()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R05: timestamp, credentials, descriptors and pidfd come together in one receive")
    void allTogether(SocketType type) throws IOException {
        boolean timestamps = type != SocketType.STREAM;
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(8, 3);
                EventFd event = EventFd.create()) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            pair.second().setOption(ScmOption.SO_PASSPIDFD, true);
            if (timestamps) {
                pair.second().setOption(ScmOption.SO_TIMESTAMPNS, true);
            }
            Instant before = Instant.now().minus(Duration.ofMillis(50)); // the kernel's clock ticks more coarsely
            pair.first().send(ByteBuffer.allocate(1), event, event, event);
            try (Received received = pair.second().receive(8, 3);
                    PidFd sender = received.takePidFd().orElseThrow()) {
                assertThat(received.credentials()).contains(OWN);
                assertThat(received.takeExactly(Expect.eventFd(), Expect.eventFd(), Expect.eventFd()))
                        .allSatisfy(OwnedFd::close);
                assertThat(received.isControlTruncated()).isFalse();
                assertThat(sender.pid()).isEqualTo(OWN.pid());
                assertThat(received.takePidFd()).isEmpty();
                assertThat(received.timestamp().isPresent()).isEqualTo(timestamps);
                received.timestamp().ifPresent(sent -> assertThat(sent).isBetween(before, Instant.now()));
            }

            pair.first().send(ByteBuffer.allocate(1), event);
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.credentials()).contains(OWN);
            assertThat(message.timestamp().isPresent()).isEqualTo(timestamps);
            assertThat(message.fdCount()).isEqualTo(1);
            try (PidFd sender = message.takePidFd().orElseThrow()) {
                assertThat(sender.isAlive()).isTrue();
            }
            pair.second().setOption(ScmOption.SO_PASSPIDFD, false);
            pair.first().send(ByteBuffer.allocate(1));
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.takePidFd()).isEmpty();
            message.clear();
            assertThat(message.credentials()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R05: a pidfd that nobody takes is closed with its message")
    void pidFdNobodyTakesIsClosed(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(8, 0)) {
            pair.second().setOption(ScmOption.SO_PASSPIDFD, true);
            for (int i = 0; i < 3; i++) {
                pair.first().send(ByteBuffer.allocate(1));
                try (Received received = pair.second().receive(8, 0)) {
                    assertThat(received.isControlTruncated()).isFalse();
                }
                pair.first().send(ByteBuffer.allocate(1));
                assertThat(pair.second().receive(message)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void onesOwnCanBeNamed(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                ScmMessage message = ScmMessage.allocate(1, 1)) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            message.payload().put((byte) 1);
            message.addFd(event).addCredentials(OWN);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> message.addCredentials(OWN))
                    .withMessageContaining("clear()");
            pair.first().send(message);
            try (Received received = pair.second().receive(1, 1)) {
                assertThat(received.credentials()).contains(OWN);
                assertThat(received.fdCount()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("L09: a privileged sender can name another process and user, and the receiver is told that")
    void privilegedSenderNamesAnother(SocketType type) throws Exception {
        assumeTrue(OWN.uid() == 0, "only root can send the credentials of others");
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                PythonPeer other = PythonPeer.start("peer.recv(1)");
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            Credentials claimed = new Credentials((int) other.pid(), 65534, 0xffff_fffeL);
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            message.payload().put((byte) 1);
            message.addCredentials(claimed);
            pair.first().send(message);
            try (Received received = pair.second().receive(1, 0)) {
                assertThat(received.credentials()).contains(claimed);
            }
            assertThat(pair.second().peer().credentials())
                    .as("who made the socket")
                    .isEqualTo(OWN);
        }
    }

    @Test
    void ofAProcessThatDoesNotExistAreRefused() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(1, 0)) {
            message.addCredentials(new Credentials(Integer.MAX_VALUE, OWN.uid(), OWN.gid()));
            // EPERM for a user who may name nobody else, ESRCH for one who may
            assertThatThrownBy(() -> pair.first().send(message))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isIn("ESRCH", "EPERM"));
            message.clear();
            pair.first().send(message);
        }
    }

    @Test
    @DisplayName("R09: on a stream, bytes of different senders do not come in one receive")
    void sendersAreNotMixed() throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                PythonPeer other = PythonPeer.start("""
                        _, fds, _, _ = socket.recv_fds(peer, 1, 1)
                        os.write(fds[0], b"his")
                        peer.sendall(b"+")
                        peer.recv(1)
                        """)) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            pair.first().send(ByteBuffer.wrap("mine".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            other.socket().send(ByteBuffer.allocate(1), pair.first());
            other.socket().receive(1, 0).close();
            try (Received mine = pair.second().receive(100, 0);
                    Received his = pair.second().receive(100, 0)) {
                assertThat(List.of(mine.bytes(), his.bytes())).containsExactly(4, 3);
                assertThat(mine.credentials()).contains(OWN);
                assertThat(his.credentials().orElseThrow().pid()).isEqualTo((int) other.pid());
            }
        }
    }

    @Test
    void connectionsInheritTheOptionFromTheirListener() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            listener.setOption(ScmOption.SO_PASSCRED, true);
            try (UnixStream client = UnixStream.connect(listener.localAddress())) {
                client.send(ByteBuffer.allocate(1)); // before it is accepted
                try (UnixStream server = listener.accept();
                        Received received = server.receive(1, 0)) {
                    assertThat(received.credentials()).contains(OWN);
                    assertThat(received.isControlTruncated()).isFalse();
                }
            }
        }
    }

    @Test
    void anEmptyPacketIsNoEndOfTheConnection() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            pair.first().send(ByteBuffer.allocate(0));
            pair.first().close();
            try (Received empty = pair.second().receive(1, 0);
                    Received end = pair.second().receive(1, 0)) {
                assertThat(empty.isEndOfStream()).isFalse();
                assertThat(empty.credentials()).contains(OWN);
                assertThat(end.isEndOfStream()).isTrue();
                assertThat(end.credentials()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ScmOption.class)
    void optionsThatTheKernelHasCanBeAskedFor(ScmOption option) throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            if (option.isSupported()) {
                boolean before = pair.first().getOption(option);
                pair.first().setOption(option, !before);
                assertThat(pair.first().getOption(option)).isEqualTo(!before);
                assertThat(before).isEqualTo(option == ScmOption.SO_PASSRIGHTS);
            } else {
                assertThatThrownBy(() -> pair.first().setOption(option, true))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining(option + "; it needs Linux");
            }
        }
    }

    @Test
    void streamsHaveNoTimestampsAndListenersGiveNone() throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            assertThatThrownBy(() -> pair.first().setOption(ScmOption.SO_TIMESTAMPNS, true))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("streams");
            assertThatThrownBy(() -> listener.setOption(ScmOption.SO_TIMESTAMPNS, true))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("each connection");
        }
    }
}
