package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.FromAChild;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of {@code test-socket-util.c} in systemd: a child process sends and exits, then its parent receives. */
class SystemdTest {
    private static void assertContents(Received received, String... expected) throws IOException {
        List<OwnedFd> fds = received.takeFds();
        try {
            assertThat(fds).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                ByteBuffer content = ByteBuffer.allocate(100);
                fds.get(i).read(content, 0);
                assertThat(Text.before(content)).isEqualTo(expected[i]);
            }
        } finally {
            for (OwnedFd fd : fds) {
                fd.close();
            }
        }
    }

    /** A file alone, without a byte, which only packets can carry. */
    @Test
    @DisplayName("R16: passfd_read")
    void passfdRead() throws Exception {
        try (Received received = FromAChild.receive(SocketType.DATAGRAM, 1, "", "test contents in the file")) {
            assertThat(received.bytes()).isZero();
            assertContents(received, "test contents in the file");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R16: passfd_contents_read, pass_many_fds_contents_read")
    void passManyFdsContentsRead(SocketType type) throws Exception {
        String[] contents = {"test contents in the file0", "test contents in the file1", "test contents in the file2"};
        try (Received received = FromAChild.receive(type, 3, "test contents on the wire", contents)) {
            assertThat(Text.of(received.data())).isEqualTo("test contents on the wire");
            assertThat(received.isControlTruncated()).isFalse();
            assertContents(received, contents);
        }
    }

    @Test
    void receiveNopassfd() throws Exception {
        try (Received received = FromAChild.receive(SocketType.DATAGRAM, 1, "no fd passed here")) {
            assertThat(Text.of(received.data())).isEqualTo("no fd passed here");
            assertThat(received.fdCount()).isZero();
        }
    }

    /** systemd refuses to send nothing at all; here that is a packet like any other. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "SEQPACKET"})
    @DisplayName("R14: send_nodata_nofd, send_emptydata")
    void sendEmptydata(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            assertThat(pair.first().send(ByteBuffer.allocate(0))).isZero();
            try (Received received = pair.second().receive(64, 1)) {
                assertThat(received.bytes()).isZero();
                assertThat(received.fdCount()).isZero();
                assertThat(received.isEndOfStream()).isFalse();
            }
            assertThat(pair.second().tryReceive(64, 1)).as("that was all").isEmpty();
        }
    }
}
