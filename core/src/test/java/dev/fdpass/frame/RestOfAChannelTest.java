package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was taken along behind a frame is there for a protocol that begins there. */
class RestOfAChannelTest {
    @Test
    @SuppressWarnings("try") // the channel goes, its socket stays
    void bytesAndDescriptorsBehindAFrameAreHandedOverAsTheyCame() throws IOException {
        try (Memfds files = new Memfds(3);
                SocketPair<UnixStream> pair = UnixStream.pair();
                UnixStream peer = pair.first();
                FramedChannel channel = FramedChannel.over(pair.second(), Framing.nulTerminated());
                FrameMessage rest = FrameMessage.allocate(0)) {
            peer.send(Text.buffer("call\0whole\0ra"), files.first(2));
            try (Frame frame = channel.receive()) {
                assertThat(frame.bytes()).isEqualTo(4);
                assertThat(frame.fdCount()).isZero(); // with bytes of several frames they belong to the last one
            }
            channel.receiveRest(rest);
            assertThat(Text.of(rest.data())).isEqualTo("whole\0ra");
            assertThat(rest.fdCount()).isEqualTo(2);
            List<OwnedFd> came = rest.takeFds();
            files.assertFirstOnesAre(came);
            for (OwnedFd fd : came) {
                fd.close();
            }
            channel.receiveRest(rest);
            assertThat(rest.bytes()).isZero();
            assertThat(rest.fdCount()).isZero();

            peer.send(Text.buffer("w"), files.first(1));
            try (UnixStream raw = UnixStream.adopt(channel.asFd().duplicate())) {
                channel.close();
                try (Received next = raw.receive(2, 1)) {
                    assertThat(next.bytes()).isEqualTo(1);
                    assertThat(next.fdCount()).isEqualTo(1);
                }
            }
        }
    }
}
