package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.EventFd;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent is received: each record with its data, and each descriptor in its place. */
class MessageRoundTripTest {
    @ParameterizedTest
    @EnumSource
    void oneDescriptor(SocketType kind) throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = ConnectedTubes.over(kind, ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("the log")) {
            pair.first().send(new ToWorker.Open("log", file, Map.of()));
            assertThat(file.isOpen()).as("sending borrows").isTrue();

            switch (pair.second().receive()) {
                case ToWorker.Open(String name, OwnedFd received, Map<String, OwnedFd> more) -> {
                    try (received) {
                        assertThat(name).isEqualTo("log");
                        assertThat(received.number()).isNotEqualTo(file.number());
                        assertThat(TestFiles.text(received)).isEqualTo("the log");
                        assertThat(more).isEmpty();
                    }
                }
                case ToWorker.Ping ping -> throw new AssertionError(ping);
                case ToWorker.Count count -> throw new AssertionError(count);
                case ToWorker.Mode mode -> throw new AssertionError(mode);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMapOfFiveDescriptorsByKey(SocketType kind) throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = ConnectedTubes.over(kind, ToWorker.class, FromWorker.class)) {
            Map<String, OwnedFd> files = new LinkedHashMap<>();
            try {
                for (String name : List.of("e", "a", "d", "b", "c")) {
                    files.put(name, TestFiles.holding("this is " + name));
                }
                pair.first().send(new ToWorker.Open("five", null, files));
            } finally {
                for (OwnedFd file : files.values()) {
                    file.close();
                }
            }
            ToWorker.Open received = (ToWorker.Open) pair.second().receive();
            assertThat(received.file()).isNull();
            assertThat(received.more()).hasSize(5);
            for (Map.Entry<String, OwnedFd> each : received.more().entrySet()) {
                assertThat(TestFiles.text(each.getValue())).isEqualTo("this is " + each.getKey());
            }
            Descriptors.closeAll(received);
            assertThat(received.more().values()).noneMatch(OwnedFd::isOpen);
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesWithoutDescriptorsAndEnums(SocketType kind) throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = ConnectedTubes.over(kind, ToWorker.class, FromWorker.class)) {
            pair.first().send(new ToWorker.Ping());
            pair.first().send(ToWorker.Mode.SLOW);
            pair.second().send(new FromWorker.Pong(7));
            assertThat(pair.second().receive()).isEqualTo(new ToWorker.Ping());
            assertThat(pair.second().receive()).isEqualTo(ToWorker.Mode.SLOW);
            assertThat(pair.first().receive()).isEqualTo(new FromWorker.Pong(7));
            assertThat(pair.first().tryReceive()).isEmpty();
        }
    }

    record AllKinds(
            EventFd bell,
            SharedMemory memory,
            PidFd process,
            UnixStream stream,
            UnixSeqpacket seqpacket,
            UnixDatagram datagram,
            UnixStreamListener streams,
            UnixSeqpacketListener seqpackets,
            ListeningSocket listener,
            OwnedFd anything) {}

    @Test
    void everyKindOfDescriptor() throws IOException {
        try (TubePair<AllKinds, AllKinds> pair = Tube.pair(AllKinds.class, AllKinds.class);
                EventFd bell = EventFd.create(5);
                SharedMemory memory = SharedMemory.create("all", 4096);
                PidFd process = PidFd.open(ProcessHandle.current());
                SocketPair<UnixStream> streams = UnixStream.pair();
                SocketPair<UnixSeqpacket> seqpackets = UnixSeqpacket.pair();
                SocketPair<UnixDatagram> datagrams = UnixDatagram.pair();
                UnixStreamListener streamListener = UnixStreamListener.bind(UnixAddress.unnamed());
                UnixSeqpacketListener seqpacketListener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                OwnedFd file = TestFiles.holding("anything")) {
            memory.addSeals(Seal.SHRINK);
            pair.first()
                    .send(new AllKinds(
                            bell,
                            memory,
                            process,
                            streams.first(),
                            seqpackets.first(),
                            datagrams.first(),
                            streamListener,
                            seqpacketListener,
                            ListeningSocket.adopt(streamListener.asFd()),
                            file));
            AllKinds received = pair.second().receive();
            try {
                assertThat(received.bell().read()).isEqualTo(5);
                assertThat(received.memory().size()).isEqualTo(4096);
                assertThat(received.process().pid())
                        .isEqualTo(ProcessHandle.current().pid());
                received.stream().send(ByteBuffer.allocate(1));
                assertThat(streams.second().receive(8, 0).bytes()).isEqualTo(1);
                received.seqpacket().send(ByteBuffer.allocate(2));
                assertThat(seqpackets.second().receive(8, 0).bytes()).isEqualTo(2);
                received.datagram().send(ByteBuffer.allocate(3));
                assertThat(datagrams.second().receive(8, 0).bytes()).isEqualTo(3);
                assertThat(received.streams().localAddress()).isEqualTo(streamListener.localAddress());
                assertThat(received.seqpackets().localAddress()).isEqualTo(seqpacketListener.localAddress());
                UnixStream.connect(streamListener.localAddress()).close();
                received.listener().accept().close();
                assertThat(TestFiles.text(received.anything())).isEqualTo("anything");
            } finally {
                Descriptors.closeAll(received);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // what users write
    record Data(
            int number,
            long large,
            double real,
            boolean flag,
            String text,
            byte[] bytes,
            BigDecimal exact,
            UUID id,
            Instant when,
            Duration howLong,
            List<String> list,
            Set<Integer> set,
            Map<String, List<Integer>> map,
            Optional<String> some,
            Optional<String> none,
            OptionalInt maybe) {}

    @Test
    void ordinaryData() throws IOException {
        Data data = new Data(
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                0.1,
                true,
                "Ärger \u0000 \ud83d\ude00 \"\\",
                new byte[] {0, -1, 127},
                new BigDecimal("1234567890.123456789012345678901234567890"),
                new UUID(1, 2),
                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                Duration.ofNanos(1_000_000_001),
                List.of("a", ""),
                Set.of(1, 2, 3),
                Map.of("x", List.of(1, 2), "", List.of()),
                Optional.of("some"),
                Optional.empty(),
                OptionalInt.of(3));
        try (TubePair<Data, Data> pair = Tube.pair(Data.class, Data.class)) {
            pair.first().send(data);
            Data received = pair.second().receive();
            assertThat(received).usingRecursiveComparison().isEqualTo(data);
            assertThat(received.exact()).isEqualTo(data.exact());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Nested(
            Optional<OwnedFd> maybe,
            List<Optional<OwnedFd>> list,
            Map<Integer, List<OwnedFd>> map,
            OwnedFd[] array,
            List<ToWorker> family,
            Optional<Nested> inner) {}

    @Test
    void descriptorsInListsMapsOptionalsArraysAndRecords() throws IOException {
        List<OwnedFd> files = new ArrayList<>();
        try (TubePair<Nested, Nested> pair = Tube.pair(Nested.class, Nested.class)) {
            for (int i = 0; i < 8; i++) {
                files.add(TestFiles.holding("file " + i));
            }
            Nested inner = new Nested(
                    Optional.of(files.get(6)), List.of(), Map.of(), new OwnedFd[0], List.of(), Optional.empty());
            pair.first()
                    .send(new Nested(
                            Optional.of(files.get(0)),
                            List.of(Optional.empty(), Optional.of(files.get(1))),
                            Map.of(7, List.of(files.get(2), files.get(3))),
                            new OwnedFd[] {files.get(4)},
                            List.of(new ToWorker.Open("x", files.get(5), Map.of()), ToWorker.Mode.FAST),
                            Optional.of(inner)));
            Nested received = pair.second().receive();
            assertThat(Descriptors.in(received))
                    .extracting(TestFiles::text)
                    .containsExactly("file 0", "file 1", "file 2", "file 3", "file 4", "file 5", "file 6");
            assertThat(TestFiles.text(received.inner().orElseThrow().maybe().orElseThrow()))
                    .isEqualTo("file 6");
            assertThat(received.family().get(1)).isEqualTo(ToWorker.Mode.FAST);
            Descriptors.closeAll(received);
        } finally {
            Descriptors.closeAll(files);
        }
    }

    @Test
    void oneDescriptorTwiceIsTwoForTheReceiver() throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = Tube.pair(ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("same")) {
            pair.second().send(new FromWorker.Opened(List.of(file, file)));
            FromWorker.Opened received = (FromWorker.Opened) pair.first().receive();
            assertThat(received.files()).hasSize(2).extracting(OwnedFd::number).doesNotHaveDuplicates();
            assertThat(received.files()).extracting(TestFiles::text).containsExactly("same", "same");
            Descriptors.closeAll(received);
        }
    }

    @Test
    void moreDescriptorsThanOneMessageOfTheKernelHolds() throws IOException {
        try (SocketPair<UnixStream> sockets = UnixStream.pair();
                OwnedFd file = TestFiles.holding("many")) {
            var limits = dev.fdpass.frame.FrameLimits.DEFAULT.maxFds(600);
            var left = Tube.over(sockets.first(), FromWorker.class, ToWorker.class, limits, JacksonCodec.json());
            var right = Tube.over(sockets.second(), ToWorker.class, FromWorker.class, limits, JacksonCodec.json());
            left.send(new FromWorker.Opened(java.util.Collections.nCopies(600, file)));
            FromWorker.Opened received = (FromWorker.Opened) right.receive();
            assertThat(received.files()).hasSize(600);
            assertThat(TestFiles.text(received.files().get(599))).isEqualTo("many");
            Descriptors.closeAll(received);
        }
    }

    @Test
    void theEndIsAnException() throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = Tube.pair(ToWorker.class, FromWorker.class)) {
            pair.first().send(new ToWorker.Count(1));
            pair.first().shutdownOutput();
            assertThat(pair.second().receive()).isEqualTo(new ToWorker.Count(1));
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(pair.second()::receive)
                    .withMessage("the peer has closed its end of the tube");
            pair.second().send(new FromWorker.Pong(2));
            assertThat(pair.first().receive()).isEqualTo(new FromWorker.Pong(2));
        }
    }
}
