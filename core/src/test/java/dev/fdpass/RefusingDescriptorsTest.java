package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.Door;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A receiver that takes no descriptors at all. */
class RefusingDescriptorsTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName(
            "R20 S13: with SO_PASSRIGHTS off the sender is refused and told why; bytes still go, and nothing is lost")
    void senderIsRefused(SocketType type, Door door) throws IOException {
        assumeTrue(ScmOption.SO_PASSRIGHTS.isSupported(), "SO_PASSRIGHTS needs Linux 6.16");
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create()) {
            pair.second().setOption(ScmOption.SO_PASSRIGHTS, false);
            assertThatThrownBy(() -> door.send(pair.first(), new byte[1], event))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EPERM"))
                    .hasMessageContaining("the receiver takes no descriptors (its SO_PASSRIGHTS is off)");
            assertThat(event.isOpen()).isTrue();
            assertThat(pair.second().tryReceive(1, 1)).isEmpty();
            door.send(pair.first(), new byte[] {7});
            try (Received bytes = pair.second().receive(8, 8)) {
                assertThat(bytes.bytes()).isEqualTo(1);
                assertThat(bytes.fdCount()).isZero();
            }
            pair.second().setOption(ScmOption.SO_PASSRIGHTS, true);
            door.send(pair.first(), new byte[1], event);
            pair.second().receive(8, 8).close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R20: descriptors that were queued before are still received, owned, and closed")
    void queuedOnesAreClosed(SocketType type, Door door) throws IOException {
        assumeTrue(ScmOption.SO_PASSRIGHTS.isSupported(), "SO_PASSRIGHTS needs Linux 6.16");
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create()) {
            int before = OpenFiles.count();
            door.send(pair.first(), new byte[1], event, event);
            pair.second().setOption(ScmOption.SO_PASSRIGHTS, false);
            try (Received none = pair.second().receive(8, 0)) {
                assertThat(none.isControlTruncated()).isTrue();
                assertThat(OpenFiles.count()).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("R20: whoever expects none and gets some, rejects and closes them in one step")
    void noneIsAnExpectation(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                EventFd event = EventFd.create();
                ScmMessage message = ScmMessage.allocate(8, 8)) {
            int before = OpenFiles.count();
            for (int room : new int[] {0, 8}) {
                door.send(pair.first(), new byte[1], event);
                try (Received received = pair.second().receive(8, room)) {
                    assertThatThrownBy(received::takeExactly).isInstanceOf(RejectedFdException.class);
                    OpenFiles.awaitCount(before);
                }
            }
            door.send(pair.first(), new byte[1], event);
            pair.second().receive(message);
            assertThatThrownBy(message::takeExactly)
                    .isInstanceOf(RejectedFdException.class)
                    .hasMessageContaining("1 descriptors came; 0 were expected");
            OpenFiles.awaitCount(before);
            pair.first().send(ByteBuffer.allocate(1));
            pair.second().receive(message);
            assertThat(message.takeExactly()).isEmpty();
        }
    }
}
