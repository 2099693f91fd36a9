package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.strace.PeerProgram;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Sends files and gets them back, or sends them back: of every connection with one reply, and with several. */
final class VarlinkExchange {
    /** Nothing to do with the faults: opened before the first. */
    private static final List<OwnedFd> FILES = new ArrayList<>();

    private VarlinkExchange() {}

    @VarlinkInterface("org.example.back")
    interface Back {
        record Both(List<OwnedFd> files) {}

        record One(OwnedFd file) {}

        Both both(OwnedFd one, OwnedFd other) throws IOException;

        Replies<One> each(OwnedFd one, OwnedFd other) throws IOException;
    }

    /** So long that who asks has to wait, on any machine. */
    private static final long WHILE_NANOS = 5_000_000;

    private static final class Service implements Back {
        @Override
        public Both both(OwnedFd one, OwnedFd other) {
            LockSupport.parkNanos(WHILE_NANOS);
            return new Both(List.of(one, other));
        }

        @Override
        public Replies<One> each(OwnedFd one, OwnedFd other) {
            Iterator<OwnedFd> files = List.of(one, other).iterator();
            return Replies.from(new Replies.Source<One>() {
                @Override
                public Optional<One> next() {
                    return files.hasNext() ? Optional.of(new One(files.next())) : Optional.empty();
                }

                @Override
                public void close() throws IOException {
                    one.close();
                    other.close();
                }
            });
        }
    }

    static void main(String[] arguments) throws Exception {
        FILES.addAll(List.of(TestFiles.holding("one"), TestFiles.holding("other")));
        PeerProgram.run(arguments, VarlinkExchange::listen, VarlinkExchange::exchange);
    }

    private static void listen(String address) throws IOException {
        VarlinkServer server = VarlinkServer.start(
                address,
                VarlinkService.builder("fdpass", "tests", "1", "https://example.org")
                        .add(Back.class, new Service())
                        .build());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.awaitEnd();
            } catch (InterruptedException e) {
                // The program is over.
            }
        });
    }

    private static String exchange(String address) throws IOException {
        int files = 0;
        OwnedFd one = FILES.getFirst();
        OwnedFd other = FILES.getLast();
        try (VarlinkClient client = VarlinkClient.connect(address)) {
            Back service = client.proxy(Back.class);
            Back.Both both = service.both(one, other);
            files += both.files().size();
            TestFiles.close(both.files());
            try (Replies<Back.One> replies = service.each(one, other)) {
                for (Optional<Back.One> reply = replies.next(); reply.isPresent(); reply = replies.next()) {
                    try (OwnedFd file = reply.get().file()) {
                        files += TestFiles.text(file).equals(files == 2 ? "one" : "other") ? 1 : 100;
                    }
                }
            }
        }
        return files + " files came back";
    }
}
