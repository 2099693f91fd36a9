package dev.fdpass.jsonrpc;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.waiting.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that is a server, runs out of descriptors, has some again, and is asked something. */
final class ServerWithoutDescriptors {
    private static final int ENOUGH = 300;

    private ServerWithoutDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        Methods methods = Methods.none().on("ask", call -> "still there");
        try (JsonRpcServer server = JsonRpcServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), methods)) {
            UnixAddress address = server.localAddress();
            long sockets = OpenFiles.count("socket:");
            ask(UnixStream.connect(address)); // what that needs is loaded
            Waiting.until("the end of that", () -> OpenFiles.count("socket:") == sockets);
            LibcCalls.close(LibcCalls.duplicate(0)); // as is what the limit needs
            List<Closeable> all = fill();
            all.removeLast().close();
            UnixStream waiting = UnixStream.connect(address); // it is in the queue, and cannot be accepted
            Thread.sleep(500);
            LibcCalls.limitOpenFiles(ENOUGH); // all at once: with a single one it would be accepted, and no more
            System.out.println(ask(waiting));
            System.out.println(ask(UnixStream.connect(address)));
            for (Closeable each : all) {
                each.close();
            }
        }
    }

    private static String ask(UnixStream socket) throws IOException {
        try (JsonRpcConnection connection = JsonRpcConnection.over(socket);
                Reply reply = connection.request(Duration.ofSeconds(30), "ask", null)) {
            return reply.result().textValue();
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
