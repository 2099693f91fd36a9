package dev.fdpass.bench.soak;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.AsFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A soak that finds nothing says something only if it would have: senders that do wrong are found. */
class FaultsAreFoundTest {
    /** Not each receive has room for all of a message, or looks at what came: one in so many will. */
    private static final int MANY = 100;

    private interface Fault {
        void send(ScmSocket socket, NamedFiles files) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptorIsMissing(SocketType type) throws IOException {
        assertFound(type, "of Header[kind=1, fds=3", (socket, files) -> sendMany(socket, files.get(0, 2)));
    }

    @ParameterizedTest
    @EnumSource
    void oneTooMany(SocketType type) throws IOException {
        assertFound(type, "of Header[kind=1, fds=3", (socket, files) -> sendMany(socket, files.get(0, 4)));
    }

    @ParameterizedTest
    @EnumSource
    void anotherFile(SocketType type) throws IOException {
        assertFound(type, "should be", (socket, files) -> sendMany(socket, files.get(1, 3)));
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsMissing(SocketType type) throws IOException {
        assertFound(
                type,
                "message 0 was expected",
                (socket, files) -> send(socket, new Header(Header.CONTENT, 0, 1, 0, 0)));
    }

    @ParameterizedTest
    @EnumSource
    void otherBytes(SocketType type) throws IOException {
        assertFound(type, "came changed", (socket, files) -> {
            ByteBuffer buffer = ByteBuffer.allocate(Header.MAX_BYTES);
            for (int i = 0; i < MANY; i++) {
                new Header(Header.CONTENT, 0, i, 0, 100).writeMessage(buffer.clear());
                int at = Header.BYTES + 50;
                socket.send(buffer.put(at, (byte) ~buffer.get(at)).flip());
            }
        });
    }

    @Test
    void notEverythingCame() {
        Ledger ledger = Ledger.ofThisProcess();
        ledger.begins(3);
        ledger.hasSent(3);
        Reckoning reckoning = new Reckoning("x", new Counts());
        assertDiscrepancy("0 messages with 0 descriptors came", () -> reckoning.checkKilled(ledger));
        assertDiscrepancy("0 messages with 0 descriptors came of 1 with 3", () -> reckoning.checkAll(ledger));
    }

    private static void sendMany(ScmSocket socket, AsFd... fds) throws IOException {
        for (int i = 0; i < MANY; i++) {
            send(socket, new Header(Header.CONTENT, 3, i, 0, 0), fds);
        }
    }

    private static void send(ScmSocket socket, Header header, AsFd... fds) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Header.MAX_BYTES);
        header.writeMessage(buffer);
        socket.send(buffer.flip(), fds);
    }

    private static void assertFound(SocketType type, String expected, Fault fault) throws IOException {
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(5);
        Assembly assembly = type.assembly(new Reckoning("x", counts), counts);
        CloseLater later = new CloseLater(1);
        Fates fates = new Fates(random, counts, later);
        try (NamedFiles files = new NamedFiles("x");
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    fault.send(pair.first(), files);
                } catch (IOException e) {
                    // the receiver has seen enough, and closed
                }
            });
            assertDiscrepancy(expected, () -> {
                try (Receiver receiver = new Receiver(pair.second(), random, fates, counts, assembly, false)) {
                    while (sender.isAlive() || receiver.receive() != Receiver.Found.NOTHING) {
                        receiver.receive();
                    }
                }
            });
        } finally {
            later.end();
            later.run();
        }
    }

    private static void assertDiscrepancy(String expected, ThrowingCallable call) {
        assertThatExceptionOfType(DiscrepancyException.class).isThrownBy(call).withMessageContaining(expected);
    }
}
