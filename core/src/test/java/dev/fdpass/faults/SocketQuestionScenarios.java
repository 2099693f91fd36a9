package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.util.Map;
import java.util.function.Supplier;

/** Asking sockets who they are, and ending one direction. */
final class SocketQuestionScenarios {
    private SocketQuestionScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("shutdownOutput", SocketQuestionScenarios::shutdownOutput);
        all.put("localAddress", SocketQuestionScenarios::localAddress);
        all.put("remoteAddress", SocketQuestionScenarios::remoteAddress);
        all.put("remoteAddress of nobody", SocketQuestionScenarios::remoteAddressOfNobody);
    }

    private static void shutdownOutput(Stage stage) {
        Supplier<SocketPair<UnixStream>> pair = stage.fresh(UnixStream::pair);
        stage.operation(() -> {
            pair.get().first().shutdownOutput();
            return null;
        });
        stage.after(failed -> {
            if (failed) {
                pair.get().first().send(buffer("ab"));
                return Look.arrives(pair.get().second(), 2, 0);
            }
            assertThat(pair.get().second().receive(8, 2).isEndOfStream()).isTrue();
            return "";
        });
    }

    private static void localAddress(Stage stage) throws Exception {
        UnixAddress address =
                UnixAddress.of("@fdpass-faults-" + ProcessHandle.current().pid());
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(address));
        stage.operation(() -> listener.localAddress().equals(address) ? "the right one" : "another");
        stage.after(failed -> listener.toString().contains(address.toString()) ? "" : "no address in toString");
    }

    private static void remoteAddress(Stage stage) throws Exception {
        UnixStreamListener listener = stage.keep(UnixStreamListener.bind(UnixAddress.unnamed()));
        UnixAddress address = listener.localAddress();
        UnixStream client = stage.keep(UnixStream.connect(address));
        stage.operation(() -> client.remoteAddress().orElseThrow().equals(address) ? "the right one" : "another");
    }

    private static void remoteAddressOfNobody(Stage stage) throws Exception {
        UnixDatagram socket = stage.keep(UnixDatagram.open());
        stage.operation(() -> socket.remoteAddress().isPresent() ? "somebody" : "not connected");
    }
}
