package dev.fdpass.examples.hotrestart.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.Client;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.server.Variant;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both sides in one process, where every moment can be chosen. The services call themselves process 1 and 2. */
@SuppressWarnings("try") // sockets are closed in the middle on purpose
class HandoverTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private OwnedFd listener;
    private int port;

    /** What the JDK and Netty open once and keep is not a leak of the first test. */
    @BeforeAll
    static void openWhatStaysOpen() throws Exception {
        for (Variant variant : Variant.values()) {
            HandoverTest test = new HandoverTest();
            test.listen();
            test.allKindsOfConnectionsGoOver(variant);
            test.stopListening();
        }
    }

    @BeforeEach
    void listen() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            listener = JdkSockets.duplicateOf(channel);
        }
    }

    @AfterEach
    void stopListening() throws Exception {
        listener.close();
    }

    @ParameterizedTest
    @EnumSource
    void allKindsOfConnectionsGoOver(Variant variant) throws Exception {
        Site site = new Site(1);
        try (Service first = variant.create(site);
                Service second = variant.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Client idle = new Client(port);
                Client half = new Client(port);
                Client inFlight = new Client(port);
                Client pipelined = new Client(port);
                Client untouched = new Client(port)) {
            first.accept(listener);
            assertThat(idle.ask("/").pid()).isEqualTo(1);
            half.send("GET /pid HTTP/1.1\r\nHo");
            assertThat(inFlight.ask("/").pid()).isEqualTo(1);
            inFlight.send(Client.get("/slow?millis=3000"));
            pipelined.send(Client.get("/pid") + Client.get("/slow?millis=3000") + Client.get("/pid") + "GET /p");
            assertThat(pipelined.answer().body()).isEqualTo("1\n");
            awaitConnections(first, 5);
            Waiting.until("both slow requests", () -> site.asked() >= 5); // else the second would answer them

            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            assertThat(new OldServer(first, listener, LIMIT).giveTo(pair.first()))
                    .isEqualTo(5);
            received.join().close();

            assertThat(first.connections()).isZero();
            assertThat(idle.ask("/pid").body()).isEqualTo("2\n");
            assertThat(half.send("st: localhost\r\n\r\n").answer().body()).isEqualTo("2\n");
            assertThat(inFlight.answer().pid())
                    .as("answered by whom it was asked")
                    .isEqualTo(1);
            assertThat(inFlight.ask("/").pid()).isEqualTo(2);
            assertThat(pipelined.answer().pid()).isEqualTo(1);
            assertThat(pipelined.answer().body())
                    .as("the pipelined rest went over")
                    .isEqualTo("2\n");
            assertThat(pipelined.send("id HTTP/1.1\r\nHost: a\r\n\r\n").answer().body())
                    .isEqualTo("2\n");
            assertThat(untouched.ask("/pid").body()).isEqualTo("2\n");
            try (Client fresh = new Client(port)) {
                assertThat(fresh.ask("/pid").body()).isEqualTo("2\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTakenOutAndComesBackIsServedAsBefore(Variant variant) throws Exception {
        Site site = new Site(1);
        try (Service service = variant.create(site);
                Client half = new Client(port);
                Client slow = new Client(port)) {
            service.accept(listener);
            half.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            slow.send(Client.get("/slow?millis=400") + Client.get("/pid"));
            awaitConnections(service, 2);
            Waiting.until("the slow request", () -> site.asked() >= 1);
            service.prepare(service.release(LIMIT).orElseThrow()).start();
            service.keep(); // the slow one was asked, or not
            assertThat(half.send("cd").answer().body()).isEqualTo("abcd");
            assertThat(slow.answer().body()).isEqualTo("hello\n");
            assertThat(slow.answer().body()).isEqualTo("1\n");
            awaitConnections(service, 2); // one that comes back is there before what it was is gone
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatTakesTooLongStaysAndIsSaid(Variant variant) throws Exception {
        Site site = new Site(1);
        try (Service first = variant.create(site);
                Service second = variant.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Client slow = new Client(port)) {
            first.accept(listener);
            slow.ask("/");
            slow.send(Client.get("/slow?millis=20000"));
            Waiting.until("the slow request", () -> site.asked() >= 2);
            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            assertThat(new OldServer(first, listener, Duration.ofMillis(100)).giveTo(pair.first()))
                    .isZero();
            received.join().close();
            assertThat(first.connections()).isEqualTo(1);
        }
    }

    @Test
    void anOldServerThatDiesWithoutItsAckHasGivenTheConnection() throws Exception {
        try (Service second = Variant.JDK.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ServerSocketChannel accepting = JdkSockets.toServerSocketChannel(listener.duplicate());
                Client client = new Client(port)) {
            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            Link old = new Link(pair.first(), LIMIT);
            assertThat(old.receive().message()).isEqualTo(new Message.Hello(1, 1));
            try (SocketChannel accepted = accepting.accept();
                    OwnedFd connection = JdkSockets.duplicateOf(accepted)) {
                old.send(new Message.Listener(1), listener);
                assertThat(old.receive().message()).isEqualTo(new Message.Ready());
                old.send(
                        new Message.Connection(0, ByteBuffer.wrap("GET /pid HT".getBytes(StandardCharsets.US_ASCII))),
                        connection);
                old.close();
            }
            received.join().close();
            assertThat(client.send("TP/1.1\r\nHost: a\r\n\r\n").answer().body()).isEqualTo("2\n");
        }
    }

    @Test
    void aConnectionThatTheClientHasResetMeanwhileHoldsUpNothing() throws Exception {
        try (Service second = Variant.JDK.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ServerSocketChannel accepting = JdkSockets.toServerSocketChannel(listener.duplicate());
                Client client = new Client(port);
                SocketChannel accepted = accepting.accept(); // before the service can
                OwnedFd connection = JdkSockets.duplicateOf(accepted)) {
            client.reset();
            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            Link old = new Link(pair.first(), LIMIT);
            old.receive();
            old.send(new Message.Listener(1), listener);
            old.receive();
            old.send(new Message.Connection(0, ByteBuffer.allocate(0)), connection);
            assertThat(old.receive().message()).isEqualTo(new Message.Ack(0));
            old.send(new Message.Done(1));
            assertThat(old.receive().message()).isEqualTo(new Message.Done(1));
            received.join().close();
        }
    }

    /** It depends on the moment whether the old server hears of that when it sends or when it waits for an answer. */
    @Test
    void whyASuccessorEndedIsSaidAlsoIfItsEndWasClosedBeforeItWasGivenAConnection(@TempDir Path folder)
            throws Exception {
        Path closed = folder.resolve("closed");
        String helloReadyAndGone = "printf '\\001fdHR\\000\\001\\000\\001' >&3; dd bs=64 count=1 <&3 >'" + folder
                + "/listener'; printf '\\003' >&3; exec 3>&-; : >'" + closed + "'; sleep 1; exit 70";
        try (Service service = new SlowToStop(
                        Variant.JDK.create(new Site(1)), () -> Waiting.until(() -> Files.exists(closed)));
                Client client = new Client(port)) {
            service.accept(listener);
            assertThat(client.ask("/").status()).isEqualTo(200);
            OldServer.Outcome outcome =
                    new OldServer(service, listener, LIMIT).replaceBy(List.of("sh", "-c", helloReadyAndGone));
            assertThat(outcome.failure().orElseThrow()).contains("EPIPE").endsWith("status 70");
            assertThat(client.ask("/pid").body()).isEqualTo("1\n");
        }
    }

    /** Waits for something each time before it stops accepting. */
    private record SlowToStop(Service service, Runnable before) implements Service {
        @Override
        public void accept(OwnedFd listener) throws IOException {
            service.accept(listener);
        }

        @Override
        public void stopAccepting() throws IOException {
            before.run();
            service.stopAccepting();
        }

        @Override
        public Newcomer prepare(Parcel parcel) throws IOException {
            return service.prepare(parcel);
        }

        @Override
        public Optional<Parcel> release(Duration patience) throws InterruptedException {
            return service.release(patience);
        }

        @Override
        public void keep() {
            service.keep();
        }

        @Override
        public int connections() {
            return service.connections();
        }

        @Override
        public void close() throws IOException {
            service.close();
        }
    }

    @Test
    void aSuccessorOfAnotherVersionIsTurnedAwayAndTheOldServerServes() throws Exception {
        try (Service first = Variant.JDK.create(new Site(1));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Client client = new Client(port)) {
            first.accept(listener);
            Link successor = new Link(pair.second(), LIMIT);
            successor.send(new Message.Hello(2, 3));
            assertThatThrownBy(() -> new OldServer(first, listener, LIMIT).giveTo(pair.first()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("versions 2 to 3");
            assertThatThrownBy(successor::receive).hasMessageContaining("versions 2 to 3");
            assertThat(client.ask("/pid").body()).isEqualTo("1\n");
        }
    }

    @Test
    void aSuccessorThatIsAnsweredInAnotherVersionSaysSo() throws Exception {
        try (Service second = Variant.JDK.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            Link old = new Link(pair.first(), LIMIT);
            old.receive();
            old.send(new Message.Listener(2), listener);
            assertThatThrownBy(old::receive).hasMessageContaining("LISTENER with version 1");
            assertThatThrownBy(received::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void aDescriptorThatIsNoListenerIsRefused() throws Exception {
        try (Service second = Variant.JDK.create(new Site(2));
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            CompletableFuture<OwnedFd> received = takeOver(second, pair.second());
            Link old = new Link(pair.first(), LIMIT);
            old.receive();
            old.send(new Message.Listener(1), pair.first());
            assertThatThrownBy(received::join).hasMessageContaining("TCP");
        }
    }

    @Test
    void anAckIsHeardEvenIfTheSuccessorDiedWithPacketsUnread() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Link old = new Link(pair.first(), LIMIT);
            Link successor = new Link(pair.second(), LIMIT);
            old.send(new Message.Done(1));
            successor.send(new Message.Ack(0));
            successor.close();
            assertThat(old.receive(Expect.tcp()).message()).isEqualTo(new Message.Ack(0));
            assertThatThrownBy(old::receive).isInstanceOf(java.io.EOFException.class);
        }
    }

    @Test
    void anAckIsFoundAmongTheLastWordsOfASuccessorWhateverElseItSaid() throws Exception {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Link old = new Link(pair.first(), LIMIT);
            Link successor = new Link(pair.second(), LIMIT);
            old.send(new Message.Done(1));
            successor.send(new Message.Failure("something"));
            pair.second().send(ByteBuffer.wrap(new byte[] {99}));
            successor.send(new Message.Listener(1), listener);
            successor.send(new Message.Ack(6));
            successor.send(new Message.Ack(7));
            successor.close();
            assertThat(old.endsWithAck(7)).isTrue();
            assertThat(old.endsWithAck(6)).as("read to its end").isFalse();
        }
    }

    private static CompletableFuture<OwnedFd> takeOver(Service service, UnixSeqpacket socket) {
        CompletableFuture<OwnedFd> received = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                received.complete(new Successor(service, _ -> {}).takeOver(socket, () -> {}));
            } catch (Exception e) {
                received.completeExceptionally(e);
            }
        });
        return received;
    }

    private static void awaitConnections(Service service, int count) {
        Waiting.soon(() -> service.connections() == count);
        assertThat(service.connections()).isEqualTo(count);
    }
}
