package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import dev.fdpass.testing.EpollEntries;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What registrations wait for, and what is said to be ready. */
class PollerInterestTest {
    private static void fill(ScmSocket socket) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(1000);
        while (socket.trySend(block.clear()).isPresent()) {
            // There is room.
        }
    }

    @Test
    void onlyWhatWasAskedForIsReported() throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            assertThat(poller.tryAwait()).isZero();

            registration.setInterest(Interest.WRITE);
            assertThat(poller.tryAwait()).isEqualTo(1);
            assertThat(registration.isWritable()).isTrue();
            assertThat(registration.isReadable()).isFalse();

            pair.first().send(Text.buffer("1"));
            assertThat(poller.tryAwait()).isEqualTo(1);
            assertThat(registration.isReadable()).as("nobody asked").isFalse();

            registration.setInterest(Interest.READ_WRITE);
            assertThat(poller.tryAwait()).isEqualTo(1);
            assertThat(registration.isReadable()).isTrue();
            assertThat(registration.isWritable()).isTrue();
            assertThat(registration.isHangUp() || registration.isError()).isFalse();

            fill(pair.second());
            assertThat(poller.tryAwait()).isEqualTo(1);
            assertThat(registration.isReadable()).isTrue();
            assertThat(registration.isWritable()).as("there is no room").isFalse();
            assertThat(registration.interest()).isEqualTo(Interest.READ_WRITE);
        }
    }

    @Test
    void whoeverWantsNothingIsNotEvenToldOfAHangUp() throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.NONE, "it");
            pair.first().send(Text.buffer("1"));
            pair.first().close();
            assertThat(poller.tryAwait()).isZero();
            assertThat(EpollEntries.numbers(poller)).isEmpty();

            registration.setInterest(Interest.READ);
            assertThat(poller.tryAwait()).isEqualTo(1);
            assertThat(registration.isHangUp()).isTrue();
            registration.setInterest(Interest.NONE);
            assertThat(poller.tryAwait()).isZero();
            assertThat(registration.isValid()).isTrue();
        }
    }

    @Test
    void aHangUpIsReadableAndWhatWasSentIsThere() throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            pair.first().send(Text.buffer("last"));
            pair.first().close();
            assertThat(poller.await()).isEqualTo(1);
            assertThat(registration.isReadable()).isTrue();
            assertThat(registration.isWritable()).as("nobody asked").isFalse();
            assertThat(registration.isHangUp()).isTrue();
            assertThat(registration.isError()).isFalse();
            try (Received received = pair.second().receive(10, 0)) {
                assertThat(received.bytes()).isEqualTo(4);
            }
            assertThat(poller.await()).isEqualTo(1);
            try (Received received = pair.second().receive(10, 0)) {
                assertThat(received.isEndOfStream()).isTrue();
            }
        }
    }

    @Test
    void whoeverWaitsForRoomIsToldOfAHangUp() throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            fill(pair.second());
            Registration<String> registration = poller.register(pair.second(), Interest.WRITE, "it");
            assertThat(poller.tryAwait()).isZero();
            pair.first().close(); // with packets that it has not received
            assertThat(poller.await()).isEqualTo(1);
            assertThat(registration.isWritable()).isTrue();
            assertThat(registration.isHangUp()).isTrue();
            assertThat(registration.isError()).as("the connection was reset").isTrue();
        }
    }

    @Test
    void aWriterLearnsThatThePipeHasNoReaderAndAReaderThatItHasNoWriter() throws IOException {
        int[] first = LibcCalls.pipe();
        int[] second = LibcCalls.pipe();
        try (Poller<String> poller = Poller.open();
                OwnedFd reader = OwnedFd.adopt(first[0]);
                OwnedFd writer = OwnedFd.adopt(second[1])) {
            OwnedFd.adopt(first[1]).close();
            OwnedFd.adopt(second[0]).close();
            Registration<String> reading = poller.register(reader, Interest.READ, "reader");
            Registration<String> writing = poller.register(writer, Interest.WRITE, "writer");
            assertThat(poller.await()).isEqualTo(2);
            assertThat(reading.isReadable()).isTrue();
            assertThat(reading.isHangUp()).isTrue();
            assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(writing.isWritable()).isTrue();
            assertThat(writing.isError()).isTrue();
        }
    }

    @Test
    void anotherThreadChangesItWhileOneAwaits() throws Exception {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixStream> pair = UnixStream.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                registration.setInterest(Interest.READ_WRITE);
                assertThat(awaiting.get()).isEqualTo(1);
            }
            assertThat(registration.isWritable()).isTrue();
        }
    }

    @Test
    void anotherThreadRegistersWhileOneAwaits() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                poller.register(event, Interest.READ, "event");
                assertThat(awaiting.get()).isEqualTo(1);
            }
            assertThat(poller.ready(0).attachment()).isEqualTo("event");
        }
    }
}
