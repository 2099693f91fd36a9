package dev.fdpass.jsonrpc;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.strace.PeerProgram;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Sends files and gets them back, or sends them back: of every connection few, and then more than one message holds. */
final class JsonRpcExchange {
    private static final int MANY = 300;
    private static final JsonRpcOptions OPTIONS = JsonRpcOptions.DEFAULT.frameLimits(FrameLimits.DEFAULT.maxFds(MANY));

    /** Nothing to do with the faults: opened before the first. */
    private static final List<OwnedFd> FILES = new ArrayList<>();

    private JsonRpcExchange() {}

    static void main(String[] arguments) throws Exception {
        FILES.addAll(List.of(TestFiles.holding("one"), TestFiles.holding("other")));
        PeerProgram.run(arguments, JsonRpcExchange::listen, JsonRpcExchange::exchange);
    }

    private static void listen(String address) throws IOException {
        Methods methods = Methods.none().on("back", call -> {
            List<OwnedFd> files = call.takeFds();
            files.forEach(call::giveFd);
            return files.size();
        });
        JsonRpcServer server =
                JsonRpcServer.start(UnixStreamListener.bind(UnixAddress.of(Path.of(address))), methods, OPTIONS);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.awaitEnd();
            } catch (InterruptedException e) {
                // The program is over.
            }
        });
    }

    private static String exchange(String address) throws IOException {
        UnixStream socket = UnixStream.connect(UnixAddress.of(Path.of(address)));
        JsonRpcConnection connection;
        try {
            connection = JsonRpcConnection.over(socket, Methods.none(), OPTIONS);
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
        try (connection) {
            return back(connection, FILES) + back(connection, Collections.nCopies(MANY, FILES.getFirst()));
        }
    }

    private static String back(JsonRpcConnection connection, List<OwnedFd> files) throws IOException {
        try (Reply reply = connection.request("back", null, files.toArray(AsFd[]::new))) {
            if (!TestFiles.takeText(reply.takeFd(0)).equals("one")) {
                throw new AssertionError("another file");
            }
            return reply.fdCount() + " came back. ";
        }
    }
}
