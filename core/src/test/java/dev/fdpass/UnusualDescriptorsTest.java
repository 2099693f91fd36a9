package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.UnixSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors that the kernel passes with care, or not at all. */
class UnusualDescriptorsTest {
    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("S09: an io_uring cannot be passed (EINVAL); nothing is sent, and the others can still be")
    void ioUring(SocketType type, Door door) throws IOException {
        int number = LibcCalls.ioUring();
        assumeTrue(number >= 0, "this kernel forbids io_uring (sysctl kernel.io_uring_disabled, or a seccomp filter)");
        try (OwnedFd ring = OwnedFd.adopt(number);
                Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(ring.info().name()).isEqualTo("anon_inode:[io_uring]");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> door.send(pair.first(), new byte[1], files.get(0), ring, files.get(1)))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EINVAL"));
            assertThat(pair.second().tryReceive(1, 3)).isEmpty();

            door.send(pair.first(), new byte[1], files.first(2));
            try (Arrival arrival = door.receive(pair.second(), 1, 3)) {
                assertThat(arrival.fds()).hasSize(2);
                files.assertFirstOnesAre(arrival.fds());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("S09: an epoll descriptor arrives as one")
    void epoll(SocketType type, Door door) throws IOException {
        try (OwnedFd epoll = OwnedFd.adopt(LibcCalls.epoll());
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[1], epoll);
            try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                assertThat(arrival.fds().getFirst().info().kind()).isEqualTo(FdInfo.Kind.EPOLL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.fdpass.SeedTest#typesAndDoors")
    @DisplayName("S09: a socket passed over itself arrives as itself")
    void theSocketItself(SocketType type, Door door) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            door.send(pair.first(), new byte[1], pair.second(), pair.first());
            try (Arrival arrival = door.receive(pair.second(), 1, 2)) {
                assertThat(arrival.fds()
                                .get(0)
                                .info()
                                .isSameFile(pair.second().asFd().info()))
                        .isTrue();
                assertThat(arrival.fds()
                                .get(1)
                                .info()
                                .isSameFile(pair.first().asFd().info()))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("S09: both ends of a connection on their way over each other leave nothing after close")
    void bothEndsOverEachOther(SocketType type) throws Exception {
        List<Long> inodes;
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            inodes = List.of(
                    pair.first().asFd().info().inode(),
                    pair.second().asFd().info().inode());
            pair.first().send(ByteBuffer.allocate(1), pair.first(), pair.second());
            pair.second().send(ByteBuffer.allocate(1), pair.second(), pair.first());
            UnixSockets.assertAll(inodes);
        }
        UnixSockets.assertNoneOf(inodes);
    }
}
