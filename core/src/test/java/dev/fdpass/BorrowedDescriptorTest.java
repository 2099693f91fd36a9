package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.ReusedNumber;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BorrowedDescriptorTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("S08: a closed descriptor among open ones is named by its index before the call, and nothing is sent")
    void closed(SocketType type, Door door) throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            files.get(1).asFd().close();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> door.send(pair.first(), new byte[1], files.first(3)))
                    .withMessageContaining("descriptor 1 of 3")
                    .withMessageContaining("fd " + files.get(1).asFd().number())
                    .withMessageContaining("closed")
                    .withCauseInstanceOf(ClosedChannelException.class);
            assertThat(pair.second().tryReceive(1, 3)).isEmpty();
            // The others were let go: their close does not wait.
            files.get(0).asFd().close();
            files.get(2).asFd().close();
        }
    }

    @Test
    @DisplayName(
            "S08: a descriptor closed after it was added to a reusable message is noticed, also when its number is another file's")
    void closedSinceItWasAdded() throws IOException {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(1, 2)) {
            OwnedFd mine = files.get(0).asFd();
            message.addFd(mine);
            pair.first().send(message);
            pair.second().receive(1, 1).close();

            int number = mine.number();
            mine.close();
            try (OwnedFd _ = ReusedNumber.of(number, files.get(1).asFd()::duplicate)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> pair.first().send(message))
                        .withMessageContaining("descriptor 0 of 1");
            }
            assertThat(pair.second().tryReceive(1, 1)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName("S08: a descriptor closed while its send waits for room is not sent, nor what has its number since")
    void closedWhileItsSendWaits(Door door) throws Exception {
        try (Memfds files = new Memfds(2);
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            ByteBuffer block = ByteBuffer.allocateDirect(4096);
            while (pair.first().trySend(block.clear()).isPresent()) {
                // until nothing more goes
            }
            OwnedFd mine = files.get(0).asFd();
            try (Background<Integer> sending =
                    Background.blocked(() -> door.send(pair.first(), new byte[] {42}, files.get(0)))) {
                mine.close(); // a receiver that does not read cannot keep anybody from closing
                try (OwnedFd _ = ReusedNumber.of(mine.number(), files.get(1).asFd()::duplicate)) {
                    ByteBuffer room = ByteBuffer.allocateDirect(1 << 20);
                    while (!sending.isDone()) {
                        try (Received received = pair.second().receive(room.clear(), 1)) {
                            assertThat(received.fdCount()).isZero();
                        } catch (SocketTimeoutException e) {
                            // the sender has not noticed yet
                        }
                        pair.second().setReceiveTimeout(Duration.ofMillis(10));
                    }
                    assertThat(sending.failure())
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("descriptor 0 of 1");
                    assertThat(pair.second().tryReceive(1, 1)).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S08: what is sent stays open and the sender's, whatever can be sent")
    void staysTheSenders(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                SocketPair<UnixStream> other = UnixStream.pair();
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                EventFd event = EventFd.create();
                Memfds files = new Memfds(1)) {
            AsFd[] all = {pair.first(), pair.second(), other.first(), listener, event, files.get(0)};
            pair.first().send(ByteBuffer.allocate(1), all);
            try (Received received = pair.second().receive(1, all.length)) {
                for (AsFd each : all) {
                    assertThat(each.asFd().isOpen()).isTrue();
                }
                for (int i = 0; i < all.length; i++) {
                    try (OwnedFd arrived = received.takeFd(i)) {
                        FdInfo info = arrived.info();
                        assertThat(info.name())
                                .as("descriptor %d", i)
                                .isEqualTo(all[i].asFd().info().name());
                    }
                }
            }
        }
    }
}
