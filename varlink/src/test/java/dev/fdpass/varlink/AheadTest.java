package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.waiting.Waiting;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Who receives ahead of many replies, and the connection becomes another protocol's while it is about to see whether anybody
 * is there.
 */
class AheadTest {
    private static final int CONNECTIONS = 500;
    /** With which it is seen whether anybody is there. */
    private static final String EPOLL = "anon_inode:[eventpoll]";

    private static final byte[] CALL = "{\"method\":\"a.b.C\",\"upgrade\":true}".getBytes(StandardCharsets.US_ASCII);

    @Test
    void aConnectionThatIsTakenForAnotherProtocolIsNotTakenForGone() throws Exception {
        AtomicInteger gone = new AtomicInteger();
        long before = OpenFiles.count(EPOLL); // perhaps one of an earlier test, which is about to be closed
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketPair<UnixStream> pair = UnixStream.pair();
            try (FramedChannel client = FramedChannel.over(pair.first(), Framing.nulTerminated());
                    FramedChannel service = FramedChannel.over(pair.second(), Framing.nulTerminated())) {
                Ahead ahead = new Ahead(service, gone::incrementAndGet);
                ahead.look();
                client.send(ByteBuffer.wrap(CALL));
                ahead.next().close();
                ahead.stop(); // the last reply is sent, and then the upgrade takes the socket out of the channel
            }
        }
        Waiting.until("the end of looking", () -> OpenFiles.count(EPOLL) <= before);
        assertThat(gone).hasValue(0);
    }
}
