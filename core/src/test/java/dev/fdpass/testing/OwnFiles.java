package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Files to send, each of which can be recognized, and of each of which can be told in the end whether any descriptor is
 * left anywhere, in this process or in the queue of a socket: they are ends of connections, seen from the other end.
 */
public final class OwnFiles {
    private final SocketPair<?>[] pairs;
    private final FdInfo[] infos;
    private final AtomicReferenceArray<OwnedFd> current;

    public OwnFiles(int count) throws IOException {
        pairs = new SocketPair<?>[count];
        infos = new FdInfo[count];
        current = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            pairs[i] = UnixSeqpacket.pair();
            infos[i] = pairs[i].first().asFd().info();
            current.set(i, pairs[i].first().asFd().duplicate());
        }
    }

    public int count() {
        return infos.length;
    }

    /** A descriptor that another thread may close at any time. */
    public OwnedFd get(int index) {
        return current.get(index);
    }

    /** The descriptor up to now, for the caller to close; {@link #get} returns another for the same file. */
    public OwnedFd replace(int index) throws IOException {
        return current.getAndSet(index, pairs[index].first().asFd().duplicate());
    }

    public void assertIs(int index, OwnedFd fd) throws IOException {
        FdInfo info = fd.info();
        assertThat(info.isSameFile(infos[index]))
                .as("%s should be file %d, %s", info, index, infos[index])
                .isTrue();
    }

    public void closeAndAssertGone() throws IOException {
        for (int i = 0; i < infos.length; i++) {
            try (SocketPair<?> pair = pairs[i]) {
                current.get(i).close();
                pair.first().close();
                // What nobody wants is closed by threads of the library, soon.
                boolean isGone = Waiting.soon(() -> pair.second()
                        .tryReceive(1, 0)
                        .map(Received::isEndOfStream)
                        .orElse(false));
                assertThat(isGone).as("no descriptor of file %d is left", i).isTrue();
            }
        }
    }
}
