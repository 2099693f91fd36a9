package dev.fdpass.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.time.Duration;

/** The service of the tests, at an address that the kernel chose. */
final class Served implements AutoCloseable {
    final FilesOfTheTest files = new FilesOfTheTest();
    final VarlinkServer server;

    private Served(FrameLimits limits, Duration sendTimeout, int connections) throws IOException {
        VarlinkService service = VarlinkService.builder("Example", "Tests", "1", "https://example.org")
                .add(Files.class, files)
                .frameLimits(limits)
                .sendTimeout(sendTimeout)
                .maxConnections(connections)
                .build();
        server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
    }

    static Served start() throws IOException {
        return start(FrameLimits.DEFAULT, Duration.ofSeconds(30), 1000);
    }

    static Served start(FrameLimits limits, Duration sendTimeout, int connections) throws IOException {
        return new Served(limits, sendTimeout, connections);
    }

    String address() throws IOException {
        return "unix:" + server.localAddress();
    }

    VarlinkClient connect() throws IOException {
        VarlinkClient client = VarlinkClient.connect(address());
        client.setRequestTimeout(Duration.ofSeconds(60));
        return client;
    }

    /** Also waits for what is still being answered: it would open and close files while the next test counts them. */
    @Override
    public void close() throws IOException {
        server.close();
        Waiting.until("the end of all calls", () -> server.connections() == 0);
    }
}
