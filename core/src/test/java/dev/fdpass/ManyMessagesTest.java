package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManyMessagesTest {
    private static final int MESSAGES = 200_000;

    @Test
    void oneThreadSendsAndOneReceives() throws Exception {
        try (Memfds files = new Memfds(3);
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            int before = OpenFiles.count();
            try (Background<Integer> sending = Background.run(() -> {
                        try (ScmMessage message = ScmMessage.allocate(8, 3)) {
                            for (int i = 0; i < MESSAGES; i++) {
                                message.clear();
                                message.payload().putInt(i);
                                for (int j = 0; j < i % 4; j++) {
                                    message.addFd(files.get(j));
                                }
                                pair.first().send(message);
                            }
                        }
                        return MESSAGES;
                    });
                    ScmMessage message = ScmMessage.allocate(8, 3)) {
                for (int i = 0; i < MESSAGES; i++) {
                    if (!pair.second().receive(message)
                            || message.payload().getInt() != i
                            || message.fdCount() != i % 4
                            || message.isControlTruncated()) {
                        throw new AssertionError("message " + i + " has " + message.bytes() + " bytes and "
                                + message.fdCount() + " descriptors");
                    }
                }
                assertThat(sending.get()).isEqualTo(MESSAGES);
            }
            // Waiting made a wake-up descriptor for each of the two sockets.
            assertThat(OpenFiles.count()).isBetween(before, before + 2);
        }
    }

    /** Several threads on one socket, through the convenient door, whose native messages they share. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    void severalThreadsSendAndReceive(SocketType type) throws Exception {
        int threads = 4;
        int each = 5_000;
        AtomicLong sum = new AtomicLong();
        AtomicLong fds = new AtomicLong();
        try (Memfds files = new Memfds(2);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            List<Background<?>> all = new ArrayList<>();
            try {
                for (int t = 0; t < threads; t++) {
                    int offset = t * each;
                    all.add(Background.run(() -> {
                        for (int i = 0; i < each; i++) {
                            ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocate(4) : ByteBuffer.allocateDirect(4);
                            pair.first().send(buffer.putInt(offset + i).flip(), files.first(i % 3));
                        }
                        return null;
                    }));
                    all.add(Background.run(() -> {
                        for (int i = 0; i < each; i++) {
                            receiveOne(pair.second(), sum, fds);
                        }
                        return null;
                    }));
                }
                for (Background<?> thread : all) {
                    thread.get();
                }
            } finally {
                all.forEach(Background::close);
            }
            long total = (long) threads * each;
            assertThat(sum).hasValue(total * (total - 1) / 2);
            long fdsOfOne = 0;
            for (int i = 0; i < each; i++) {
                fdsOfOne += i % 3;
            }
            assertThat(fds).hasValue(fdsOfOne * threads);
        }
    }

    private static void receiveOne(ScmSocket socket, AtomicLong sum, AtomicLong fds) throws IOException {
        try (Received received = socket.receive(4, 2)) {
            sum.addAndGet(received.data().getInt());
            fds.addAndGet(received.fdCount());
        }
    }
}
