package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be waited for besides connected sockets. */
class PollerKindsTest {
    @Test
    void aListenerIsReadableWhenSomebodyConnects() throws IOException {
        try (Poller<String> poller = Poller.open();
                UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            Registration<String> registration = poller.register(listener, Interest.READ, "listener");
            assertThat(poller.tryAwait()).isZero();
            try (UnixSeqpacket client = UnixSeqpacket.connect(listener.localAddress())) {
                assertThat(poller.await()).isEqualTo(1);
                assertThat(registration.isReadable()).isTrue();
                try (UnixSeqpacket accepted = listener.tryAccept().orElseThrow()) {
                    client.send(Text.buffer("1"));
                    assertThat(poller.tryAwait()).as("the queue is empty").isZero();
                    poller.register(accepted, Interest.READ, "connection");
                    assertThat(poller.await()).isEqualTo(1);
                    assertThat(poller.ready(0).attachment()).isEqualTo("connection");
                }
            }
        }
    }

    @Test
    void anEventFdIsReadableUntilItIsRead() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            assertThat(poller.tryAwait()).isZero();
            event.write(3);
            assertThat(poller.await()).isEqualTo(1);
            assertThat(event.read()).isEqualTo(3);
            assertThat(poller.tryAwait()).isZero();
            registration.setInterest(Interest.WRITE);
            assertThat(poller.await()).isEqualTo(1);
            event.write(-2); // as much as it holds
            assertThat(poller.tryAwait()).isZero();
        }
    }

    @Test
    void aPidFdIsReadableWhenItsProcessEnds() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try (Poller<PidFd> poller = Poller.open();
                PidFd child = PidFd.open(process.toHandle())) {
            poller.register(child, Interest.READ, child);
            assertThat(poller.tryAwait()).isZero();
            child.sendSignal(Signal.SIGTERM);
            assertThat(poller.await()).isEqualTo(1);
            assertThat(poller.ready(0).attachment().isAlive()).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
            process.getInputStream().close();
            process.getErrorStream().close();
            process.getOutputStream().close();
        }
    }

    @Test
    void aListenerOfAnotherFamily() throws Exception {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int number = LibcCalls.tcpConnection(port.getLocalPort());
            try (Poller<String> poller = Poller.open();
                    OwnedFd connection = OwnedFd.adopt(number);
                    Socket accepted = port.accept()) {
                assertThat(accepted.getRemoteSocketAddress()).isInstanceOf(InetSocketAddress.class);
                Registration<String> registration = poller.register(connection, Interest.READ, "tcp");
                assertThat(poller.tryAwait()).isZero();
                accepted.getOutputStream().write(1);
                assertThat(poller.await()).isEqualTo(1);
                assertThat(registration.isReadable()).isTrue();
            }
        }
    }

    static Arguments[] views() {
        return new Arguments[] {
            Arguments.of("a pipe", true), Arguments.of("a terminal", false),
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("views")
    void whatIsReadAsAChannel(String name, boolean isPipe) throws IOException {
        int[] ends = isPipe ? LibcCalls.pipe() : LibcCalls.terminal();
        try (Poller<String> poller = Poller.open();
                OwnedFd reader = OwnedFd.adopt(ends[0]);
                OwnedFd writer = OwnedFd.adopt(ends[1])) {
            poller.register(reader, Interest.READ, name);
            assertThat(poller.tryAwait()).isZero();
            writer.write(Text.buffer("1"));
            assertThat(poller.await()).isEqualTo(1);
        }
    }
}
