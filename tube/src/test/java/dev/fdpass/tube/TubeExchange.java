package dev.fdpass.tube;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.strace.PeerProgram;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks for files by requests with files, or answers them: of every connection two, each with two descriptors both ways. */
final class TubeExchange {
    /** So long that it counts as waiting for ever. */
    private static final Duration LONG = Duration.ofMinutes(5);

    /** Nothing to do with the faults: opened before the first. */
    private static final List<OwnedFd> FILES = new ArrayList<>();

    private TubeExchange() {}

    record Compare(OwnedFd one, Map<String, OwnedFd> others) {}

    record Compared(SharedMemory memory, List<OwnedFd> files) {}

    static void main(String[] arguments) throws Exception {
        FILES.addAll(List.of(TestFiles.holding("one"), TestFiles.holding("other")));
        PeerProgram.run(arguments, TubeExchange::listen, TubeExchange::exchange);
    }

    private static void listen(String address) throws IOException {
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.of(Path.of(address)));
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    UnixStream socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    // The next one may come through.
                }
            }
        });
    }

    private static void serve(UnixStream socket) {
        try (ReplyTube<Compare, Compared> tube = ReplyTube.over(socket, Compare.class, Compared.class)) {
            tube.serve(4, request -> {
                Compare asked = request.message();
                try (SharedMemory memory = SharedMemory.create("tube-reply", 1)) {
                    memory.addSeals(Seal.SHRINK);
                    request.reply(new Compared(
                            memory, List.of(asked.one(), asked.others().get("other"))));
                } finally {
                    Descriptors.closeAll(asked);
                }
            });
        } catch (IOException e) {
            // The connection has ended.
        }
    }

    private static String exchange(String address) throws IOException, InterruptedException {
        UnixStream socket = UnixStream.connect(UnixAddress.of(Path.of(address)));
        int descriptors = 0;
        try (RequestTube<Compare, Compared> tube = RequestTube.over(socket, Compare.class, Compared.class)) {
            for (int i = 0; i < 2; i++) {
                Compared compared = tube.request(LONG, new Compare(FILES.getFirst(), Map.of("other", FILES.getLast())));
                try {
                    descriptors += Descriptors.in(compared).size();
                    if (!TestFiles.text(compared.files().getFirst()).equals("one")
                            || !TestFiles.text(compared.files().getLast()).equals("other")) {
                        throw new AssertionError("other files");
                    }
                } finally {
                    Descriptors.closeAll(compared);
                }
            }
        }
        return descriptors + " descriptors";
    }
}
