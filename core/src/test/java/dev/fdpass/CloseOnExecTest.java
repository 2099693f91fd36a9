package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.LibcCalls;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("L08: a child process has none of our descriptors")
class CloseOnExecTest {
    @TempDir
    private Path directory;

    private final Deque<Closeable> toClose = new ArrayDeque<>();

    @Test
    void howeverItWasMade() throws IOException {
        int[] pipe = LibcCalls.pipe();
        int inherited = LibcCalls.duplicate(pipe[0]);
        try {
            List<OwnedFd> ours = makeOneOfEach(pipe);

            Set<String> inChild = descriptorsOfAChild();

            String pipeName = Files.readSymbolicLink(Path.of("/proc/self/fd/" + inherited))
                    .toString();
            assertThat(inChild).as("a descriptor that is not ours").contains(inherited + " " + pipeName);
            assertThat(ours)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(fd -> assertThat(inChild).doesNotContain(described(fd)));
        } finally {
            LibcCalls.close(inherited);
            for (Closeable closeable : toClose) {
                closeable.close();
            }
        }
    }

    private List<OwnedFd> makeOneOfEach(int... pipe) throws IOException {
        List<OwnedFd> all = new ArrayList<>();
        all.add(later(OwnedFd.open(directory)));
        all.add(later(OwnedFd.adopt(pipe[0])));
        all.add(later(OwnedFd.adopt(pipe[1])));
        all.add(later(all.getFirst().duplicate()));
        all.add(later(EventFd.create()).asFd());
        all.add(later(SharedMemory.create("memory", 10)).asFd());
        UnixAddress address = UnixAddress.of(directory.resolve("socket"));
        all.add(later(UnixStreamListener.bind(address)).asFd());
        UnixStream client = later(UnixStream.connect(address));
        all.add(client.asFd());
        SocketPair<UnixStream> pair = later(UnixStream.pair());
        pair.first().send(ByteBuffer.wrap(new byte[1]), all.getFirst(), all.get(4));
        try (Received received = pair.second().receive(1, 2)) {
            received.takeFds().forEach(fd -> all.add(later(fd)));
        }
        all.add(pair.first().asFd());
        all.add(pair.second().asFd());
        return all;
    }

    /** Number and name of each; the shell has some of its own, whose numbers may be those of ours. */
    private Set<String> descriptorsOfAChild() throws IOException {
        Path listing = directory.resolve("listing");
        LibcCalls.shell("for link in /proc/$$/fd/*; do echo ${link##*/} $(readlink $link); done > '" + listing + "'");
        return Set.copyOf(Files.readAllLines(listing));
    }

    private static String described(OwnedFd fd) throws IOException {
        return fd.number() + " " + fd.info().name();
    }

    private <C extends Closeable> C later(C closeable) {
        toClose.push(closeable);
        return closeable;
    }
}
