package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.time.Duration;

/** Two connected ends; closing waits until all is over at both. */
record Pair(JsonRpcConnection first, JsonRpcConnection second) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One that asks, and one that answers. */
    static Pair of(Methods methods) throws IOException {
        return of(Methods.none(), methods, JsonRpcOptions.DEFAULT);
    }

    static Pair of(Methods first, Methods second, JsonRpcOptions options) throws IOException {
        SocketPair<UnixStream> sockets = UnixStream.pair();
        return new Pair(
                JsonRpcConnection.over(sockets.first(), first, options),
                JsonRpcConnection.over(sockets.second(), second, options));
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        awaitEnd(first);
        awaitEnd(second);
    }

    static void awaitEnd(JsonRpcConnection connection) {
        try {
            assertThat(connection.awaitEnd(PATIENCE)).as("the connection ends").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
