package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that offers a service, runs out of descriptors, has some again, and is asked what it is. */
final class ServiceWithoutDescriptors {
    private ServiceWithoutDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        VarlinkService service =
                VarlinkService.builder("a", "still there", "c", "d").build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service)) {
            UnixAddress address = server.localAddress();
            product(VarlinkClient.connect(address)); // what that needs is loaded
            while (server.connections() > 0) { // also what its end needs
                Thread.sleep(1);
            }
            List<Closeable> all = fill();
            all.removeLast().close();
            UnixStream waiting = UnixStream.connect(address); // it is in the queue, and cannot be accepted
            Thread.sleep(500);
            for (Closeable each : all) {
                each.close();
            }
            System.out.println(product(VarlinkClient.over(waiting)));
            System.out.println(product(VarlinkClient.connect(address)));
        }
    }

    private static String product(VarlinkClient client) throws IOException {
        try (client) {
            client.setRequestTimeout(Duration.ofSeconds(30));
            return client.info().product();
        }
    }

    private static List<Closeable> fill() throws IOException {
        try {
            OwnedFd.open(Path.of("/nothing")).close();
        } catch (IOException e) {
            // so that the next one can be made without a descriptor
        }
        List<Closeable> all = new ArrayList<>();
        while (true) {
            try {
                all.add(OwnedFd.open(Path.of("/dev/null")));
            } catch (IOException e) {
                return all;
            }
        }
    }
}
