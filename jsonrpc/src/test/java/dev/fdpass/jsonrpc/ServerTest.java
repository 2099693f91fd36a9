package dev.fdpass.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import dev.fdpass.waiting.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server and those who connect to it. */
@ExtendWith(NothingForgotten.class)
class ServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Methods METHODS = Methods.none()
            .on("texts", call -> TestFiles.takeTexts(call.takeFds()))
            .on("process", call -> call.connection().peer().credentials().pid());

    @Test
    void everyoneWhoConnectsIsServed() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, METHODS)) {
            Workers workers = new Workers();
            for (int i = 0; i < 50; i++) {
                String name = "client " + i;
                workers.start(() -> {
                    try (JsonRpcConnection connection = connect(listener);
                            OwnedFd file = TestFiles.holding(name);
                            Reply reply = connection.request("texts", null, file)) {
                        assertThat(reply.result().get(0).textValue()).isEqualTo(name);
                    }
                });
            }
            workers.join();
            awaitConnections(server, 0);
            TestFiles.awaitOpen(0);
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void otherProcessesAreServed() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, METHODS);
                PythonPeer python = PythonJsonRpc.start(
                        """
                        peer.close()
                        peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                        peer.connect("\\0" + sys.argv[2])
                        f = file("x")
                        request(1, "texts", fds=[f, f])
                        assert receive()[0]["result"] == ["x", "x"]
                        request(2, "process")
                        assert receive()[0]["result"] == os.getpid()
                        """, listener.localAddress().toString().substring(1))) {
            python.awaitSuccess();
            awaitConnections(server, 0);
        }
    }

    @Test
    void anOffenderAndASleeperDelayNobody() throws Exception {
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.frameLimits(FrameLimits.DEFAULT.maxFds(2));
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, METHODS, options);
                UnixStream sleeper = UnixStream.connect(listener.localAddress());
                UnixStream offender = UnixStream.connect(listener.localAddress());
                OwnedFd file = TestFiles.holding("x")) {
            sleeper.send(ByteBuffer.wrap("{\"fds\": 2".getBytes(UTF_8)), file);
            offender.send(ByteBuffer.wrap("{\"fds\": 3}".getBytes(UTF_8)), file, file);
            try (JsonRpcConnection connection = connect(listener);
                    Reply reply = connection.request(PATIENCE, "texts", null, file)) {
                assertThat(reply.result().size()).isEqualTo(1);
            }
            awaitConnections(server, 1); // the sleeper's
            TestFiles.awaitOpen(2);
        }
    }

    @Test
    void moreConnectionsThanAllowedWait() throws Exception {
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.maxConnections(2);
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, METHODS, options);
                JsonRpcConnection first = connect(listener);
                JsonRpcConnection second = connect(listener);
                JsonRpcConnection third = connect(listener)) {
            first.request("texts", null).close();
            second.request("texts", null).close();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> third.request(Duration.ofMillis(100), "texts", null));
            awaitConnections(server, 2);
            closeNow(first);
            third.request(PATIENCE, "texts", null).close();
        }
    }

    @Test
    void closingTheServerEndsAllConnections() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Methods methods = METHODS.on("slow", call -> {
            began.countDown();
            open.await();
            return null;
        });
        List<JsonRpcConnection> connections = new ArrayList<>();
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, methods)) {
            for (int i = 0; i < 5; i++) {
                connections.add(connect(listener));
                connections.get(i).request("texts", null).close();
            }
            Workers workers = new Workers();
            workers.start(() -> assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> connections.get(0).request("slow", null)));
            began.await();
            awaitConnections(server, 5);
            closeNow(server);
            workers.join();
            server.awaitEnd();
            for (JsonRpcConnection connection : connections) {
                Pair.awaitEnd(connection);
            }
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(listener));
            assertThat(server.isOpen()).isFalse();
            open.countDown();
            awaitConnections(server, 0);
        }
    }

    @Test
    void aListenerThatIsClosedEndsTheServer() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                JsonRpcServer server = JsonRpcServer.start(listener, METHODS)) {
            closeNow(listener);
            server.awaitEnd();
        }
    }

    @SuppressWarnings("try")
    private static void closeNow(AutoCloseable closeable) throws Exception {
        closeable.close();
    }

    private static JsonRpcConnection connect(UnixStreamListener listener) throws IOException {
        return JsonRpcConnection.over(UnixStream.connect(listener.localAddress()));
    }

    /** It is known a moment after it is served. */
    private static void awaitConnections(JsonRpcServer server, int expected) {
        Waiting.until(expected + " connections", () -> server.connections() == expected);
    }
}
