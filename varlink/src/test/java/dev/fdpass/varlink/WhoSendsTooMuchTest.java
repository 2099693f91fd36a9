package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that sends more than may wait. */
class WhoSendsTooMuchTest {
    @Test
    @DisplayName(
            "R21: whoever sends more calls than may wait is cut at once, also while a handler that heeds no interrupt runs")
    void cutAtOnce() throws IOException, InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch isCut = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add("interface org.example.slow\nmethod Go() -> ()", call -> {
                    call.replyContinues(Map.of());
                    while (isCut.getCount() > 0) {
                        try {
                            isCut.await();
                        } catch (InterruptedException e) {
                            interrupted.countDown(); // and it goes on
                        }
                    }
                    ended.countDown();
                })
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service)) {
            try {
                PythonVarlink.run("""
                    varlink = connect()
                    r, w = os.pipe()
                    varlink.send({"method": "org.example.slow.Go", "more": True})
                    assert varlink.receive()[0]["continues"]
                    try:
                        for i in range(10000):
                            varlink.send({"method": "org.example.slow.Go"}, w)
                        raise AssertionError("all were taken")
                    except OSError as e:
                        assert e.errno in (errno.EPIPE, errno.ECONNRESET), e
                    os.close(w)
                    assert os.read(r, 1) == b""
                    """, server.localAddress().toString());
                assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue(); // behind the cut
            } finally {
                isCut.countDown();
            }
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
