package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Python;
import dev.fdpass.testing.Text;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFdSharedWithPythonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void eachWakesTheOther() throws Exception {
        UnixAddress address = UnixAddress.of(directory.resolve("socket"));
        try (UnixStreamListener listener = UnixStreamListener.bind(address);
                EventFd ours = EventFd.create();
                EventFd answers = EventFd.createSemaphore(0);
                ChildProcess peer = Python.start("""
                        import os, socket, struct, sys
                        s = socket.socket(socket.AF_UNIX)
                        s.connect(sys.argv[1])
                        data, fds, flags, address = socket.recv_fds(s, 10, 2)
                        ours, answers = fds
                        assert struct.unpack("Q", os.read(ours, 8)) == (12345,)
                        os.write(answers, struct.pack("Q", 3))
                        theirs = os.eventfd(7, os.EFD_CLOEXEC)
                        socket.send_fds(s, [b"x"], [theirs])
                        assert os.eventfd_read(ours) == 1 << 63
                        """, directory.resolve("socket"));
                UnixStream socket = listener.accept(PATIENCE)) {
            socket.send(Text.buffer("x"), ours, answers);
            ours.write(12345);

            for (int i = 0; i < 3; i++) {
                assertThat(answers.read(PATIENCE)).isEqualTo(1);
            }
            assertThat(answers.tryRead()).isEmpty();
            try (Received received = socket.receive(10, 1);
                    EventFd theirs = EventFd.adopt(received.takeFd(0))) {
                assertThat(theirs.tryRead()).hasValue(7);
            }
            ours.write(1L << 63);
            peer.await().outputOfSuccess();
        }
    }
}
