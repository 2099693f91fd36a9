package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.ListeningSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Listeners. */
final class ListenerScenarios {
    private static final Path PATH = Path.of("listener");

    private ListenerScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("bind a listener", ListenerScenarios::bind);
        all.put("close a listener", ListenerScenarios::close);
        all.put("accept", ListenerScenarios::accept);
        all.put("tryAccept", ListenerScenarios::tryAccept);
        all.put("tryAccept where nobody is", ListenerScenarios::tryAcceptNobody);
        all.put("accept until it times out", ListenerScenarios::acceptTimesOut);
        all.put("accept on an adopted listener", ListenerScenarios::acceptOnAdopted);
        all.put("accept on a listening socket of any family", ListenerScenarios::acceptOnListeningSocket);
    }

    private static void bind(Stage stage) {
        stage.atTheEnd(() -> Files.deleteIfExists(PATH));
        stage.operation(() -> UnixStreamListener.bind(UnixAddress.of(PATH)));
        stage.after(failed -> {
            assertThat(Files.exists(PATH)).isEqualTo(!failed);
            if (failed) {
                UnixStreamListener.bind(UnixAddress.of(PATH)).close();
            }
            return "";
        });
    }

    private static void close(Stage stage) {
        stage.atTheEnd(() -> Files.deleteIfExists(PATH));
        Supplier<UnixStreamListener> listener = stage.fresh(() -> UnixStreamListener.bind(UnixAddress.of(PATH)));
        stage.operation(() -> {
            listener.get().close();
            return null;
        });
        stage.after(failed -> {
            assertThat(listener.get().isOpen()).isFalse();
            return Files.deleteIfExists(PATH) ? "its file remains" : "its file is gone";
        });
    }

    private static void accept(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        Supplier<UnixStream> client = stage.fresh(() -> UnixStream.connect(listener.localAddress()));
        stage.operation(() -> listener.accept());
        stage.after(failed -> works(listener, client.get(), failed));
    }

    private static void tryAccept(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        Supplier<UnixStream> client = stage.fresh(() -> UnixStream.connect(listener.localAddress()));
        stage.operation(() -> listener.tryAccept().orElseThrow());
        stage.after(failed -> works(listener, client.get(), failed));
    }

    /** A connection that could not be accepted still waits to be. */
    private static String works(UnixStreamListener listener, UnixStream client, boolean failed) throws Exception {
        if (failed) {
            client.send(buffer("ab"));
            try (UnixStream connection = listener.tryAccept().orElseThrow()) {
                return Look.arrives(connection, 2, 0);
            }
        }
        return "";
    }

    private static void tryAcceptNobody(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        stage.operation(() -> listener.tryAccept().isPresent() ? "a connection" : "nobody");
    }

    private static void acceptTimesOut(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        stage.operation(() -> listener.accept(Duration.ofMillis(5)));
    }

    /** Others may have set options on it that its connections inherit: more questions, and more that can fail. */
    private static void acceptOnAdopted(Stage stage) throws Exception {
        UnixStreamListener owner = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        UnixStreamListener listener = UnixStreamListener.adopt(owner.asFd());
        stage.fresh(() -> UnixStream.connect(owner.localAddress()));
        stage.operation(() -> listener.accept());
        stage.after(failed -> {
            // What failed after the connection was accepted has closed it.
            owner.tryAccept().ifPresent(connection -> {
                try {
                    connection.close();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            return "";
        });
    }

    private static void acceptOnListeningSocket(Stage stage) throws Exception {
        UnixStreamListener owner = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        ListeningSocket listener = ListeningSocket.adopt(owner.asFd());
        Supplier<UnixStream> client = stage.fresh(() -> UnixStream.connect(owner.localAddress()));
        stage.operation(() -> listener.accept());
        stage.after(failed -> works(owner, client.get(), failed));
    }
}
