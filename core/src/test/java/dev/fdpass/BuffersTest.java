package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuffersTest {
    private static final byte[] TEXT = "..0123456789...".getBytes(UTF_8);

    /** The kinds of buffer, each around the ten bytes that stand between position and limit. */
    enum Kind {
        HEAP(ByteBuffer::allocate),
        DIRECT(ByteBuffer::allocateDirect),
        HEAP_SLICE(size -> ByteBuffer.allocate(size + 7).slice(3, size)),
        DIRECT_SLICE(size -> ByteBuffer.allocateDirect(size + 7).slice(3, size)),
        HEAP_OF_ARRAY_PART(size -> ByteBuffer.wrap(new byte[size + 5], 5, size).slice()),
        LITTLE_ENDIAN(size -> ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN)),
        SEGMENT(size -> Arena.ofAuto().allocate(size).asByteBuffer()),
        HEAP_SEGMENT(size -> MemorySegment.ofArray(new byte[size]).asByteBuffer());

        @SuppressWarnings("ImmutableEnumChecker") // functions without a state
        private final IntFunction<ByteBuffer> allocate;

        Kind(IntFunction<ByteBuffer> allocate) {
            this.allocate = allocate;
        }

        ByteBuffer allocate() {
            return allocate.apply(TEXT.length).position(2).limit(12);
        }

        ByteBuffer filled() {
            return allocate.apply(TEXT.length).put(TEXT).position(2).limit(12);
        }
    }

    @TempDir
    private Path directory;

    static Stream<Arguments> kindsAndTypes() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(SocketType.values()).map(type -> Arguments.of(kind, type)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void whatIsBetweenPositionAndLimitTravels(Kind kind, SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ByteBuffer sent = kind.filled();
            assertThat(pair.first().send(sent)).isEqualTo(10);
            assertThat(sent.position()).isEqualTo(12);
            assertThat(sent.limit()).isEqualTo(12);

            ByteBuffer room = kind.allocate();
            try (Received received = pair.second().receive(room, 0)) {
                assertThat(received.bytes()).isEqualTo(10);
                assertThat(received.data().capacity()).isZero();
            }
            assertThat(room.position()).isEqualTo(12);
            assertThat(text(room.duplicate().position(2))).isEqualTo("0123456789");
            // Nothing outside was touched.
            ByteBuffer all = room.duplicate().clear();
            assertThat(all.get(0)).isZero();
            assertThat(all.get(1)).isZero();
            assertThat(all.get(12)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void theSameThroughAReusableMessage(Kind kind, SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(20, 0)) {
            ByteBuffer sent = kind.filled();
            message.addBuffer(sent);
            assertThat(sent.position()).as("adding moves nothing").isEqualTo(2);
            pair.first().send(message);
            assertThat(sent.position()).isEqualTo(12);
            pair.first().send(message); // again: the range was noted when it was added
            message.clear();

            ByteBuffer room = kind.allocate();
            message.addBuffer(room);
            for (int i = 0; i < 2; i++) {
                assertThat(pair.second().receive(message)).isTrue();
                assertThat(message.bytes()).isEqualTo(10);
                assertThat(room.position()).isEqualTo(12);
                assertThat(text(room.duplicate().position(2))).isEqualTo("0123456789");
                assertThat(message.payload().remaining()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void readOnlyBuffersAreSentAndNotReceivedInto(Kind kind) throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(20, 0)) {
            ByteBuffer sent = kind.filled().asReadOnlyBuffer();
            assertThat(pair.first().send(sent)).isEqualTo(10);
            assertThat(sent.position()).isEqualTo(12);
            ByteBuffer room = kind.allocate().asReadOnlyBuffer();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receive(room, 0))
                    .withMessageContaining("read-only");
            message.addBuffer(ByteBuffer.allocate(1)).addBuffer(room);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.second().receive(message))
                    .withMessageContaining("read-only");
            try (Received received = pair.second().receive(20, 0)) {
                assertThat(text(received.data())).as("it is still there").isEqualTo("0123456789");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void gatherAndScatterMixAllKinds(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair()) {
            ByteBuffer[] sent = Stream.of(Kind.values()).map(Kind::filled).toArray(ByteBuffer[]::new);
            int total = sent.length * 10;
            assertThat(pair.first().send(sent)).isEqualTo(total);
            assertThat(sent).allMatch(buffer -> !buffer.hasRemaining());

            // Kinds the other way round, and one buffer more, which stays empty.
            ByteBuffer[] room = new ByteBuffer[sent.length + 2];
            for (int i = 0; i < sent.length; i++) {
                room[i] = Kind.values()[sent.length - 1 - i].allocate();
            }
            room[0].limit(9); // so that no border falls together
            room[sent.length] = ByteBuffer.allocate(30);
            room[sent.length + 1] = ByteBuffer.allocate(30);
            try (Received received = pair.second().receive(room, 0)) {
                assertThat(received.bytes()).isEqualTo(total);
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < room.length; i++) {
                text.append(text(room[i].duplicate().flip().position(i < sent.length ? 2 : 0)));
            }
            assertThat(text).hasToString("0123456789".repeat(sent.length));
            assertThat(room[sent.length].position()).isEqualTo(3);
            assertThat(room[sent.length + 1].position()).isZero();
        }
    }

    @Test
    void segmentsNativeMappedAndOnTheHeap() throws IOException {
        Path file = Files.write(directory.resolve("file"), TEXT);
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(
                        file, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(MapMode.READ_WRITE, 0, TEXT.length, arena);
            MemorySegment[] segments = {
                mapped,
                arena.allocate(TEXT.length).copyFrom(mapped),
                MemorySegment.ofArray(TEXT.clone()),
                channel.map(MapMode.READ_ONLY, 0, TEXT.length, arena)
            };
            for (MemorySegment segment : segments) {
                assertThat(pair.first().send(segment.asSlice(2, 10))).isEqualTo(10);
                try (Received received = pair.second().receive(20, 0)) {
                    assertThat(text(received.data())).isEqualTo("0123456789");
                }
            }
            for (MemorySegment segment : Arrays.copyOf(segments, 3)) {
                segment.fill((byte) '.');
                pair.first().send(ByteBuffer.wrap("abc".getBytes(UTF_8)));
                try (Received received = pair.second().receive(segment.asSlice(1, 5), 0)) {
                    assertThat(received.bytes()).isEqualTo(3);
                }
                assertThat(new String(segment.toArray(ValueLayout.JAVA_BYTE), UTF_8))
                        .isEqualTo(".abc...........");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> pair.second().receive(segments[3], 0));
            assertThat(Files.readString(file)).isEqualTo(".abc...........");
        }
    }

    @Test
    void segmentsInAReusableMessage() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                Arena arena = Arena.ofConfined();
                ScmMessage message = ScmMessage.allocate(64, 0)) {
            MemorySegment longs = MemorySegment.ofArray(new long[] {0x0102030405060708L, 42});
            message.payload().put((byte) 1);
            message.addBuffer(longs).addBuffer(arena.allocateFrom("two"));
            pair.first().send(message);
            message.clear();

            long[] room = new long[2];
            MemorySegment rest = arena.allocate(10);
            message.addBuffer(MemorySegment.ofArray(new byte[1]))
                    .addBuffer(MemorySegment.ofArray(room))
                    .addBuffer(rest);
            assertThat(pair.second().receive(message)).isTrue();
            assertThat(message.bytes()).isEqualTo(1 + 16 + 4);
            assertThat(room).containsExactly(0x0102030405060708L, 42);
            assertThat(rest.getString(0)).isEqualTo("two");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void slicesOfSharedMemory(SocketType type) throws IOException {
        try (SocketPair<? extends ScmSocket> pair = type.pair();
                SharedMemory memory = SharedMemory.create("slices", 4096);
                Arena arena = Arena.ofShared();
                ScmMessage message = ScmMessage.allocate(0, 1)) {
            VolatileSlice all = VolatileSlice.of(memory.map(arena));
            all.copyFrom(100, "hello".getBytes(UTF_8));
            assertThat(pair.first().send(all.subSlice(100, 5), memory)).isEqualTo(5);
            try (Received received = pair.second().receive(all.subSlice(200, 10), 1)) {
                assertThat(received.bytes()).isEqualTo(5);
                assertThat(received.fdCount()).isEqualTo(1);
            }
            byte[] copy = new byte[6];
            all.copyTo(200, copy);
            assertThat(copy).isEqualTo("hello\0".getBytes(UTF_8));

            message.addBuffer(all.subSlice(102, 3))
                    .addBuffer(all.subSlice(100, 2))
                    .addFd(memory);
            pair.first().send(message);
            message.clear();
            message.addBuffer(all.offset(300));
            assertThat(pair.second().receive(message)).isTrue();
            all.copyTo(300, copy);
            assertThat(copy).isEqualTo("llohe\0".getBytes(UTF_8));
        }
    }

    @Test
    void heapBuffersNeedRoomInTheMessage() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(10, 0)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> message.addBuffer(ByteBuffer.allocate(11)))
                    .withMessageContaining("10 bytes")
                    .withMessageContaining("11");
            message.addBuffer(ByteBuffer.allocate(6));
            assertThatIllegalArgumentException().isThrownBy(() -> message.addBuffer(ByteBuffer.allocate(5)));
            message.addBuffer(ByteBuffer.allocateDirect(100));
            message.payload().put(new byte[5]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.first().send(message))
                    .withMessageContaining("share");
            message.payload().position(4);
            pair.first().send(message);
            try (Received received = pair.second().receive(200, 0)) {
                assertThat(received.bytes()).isEqualTo(110);
            }
        }
    }

    /** The bytes of a heap buffer pass through the payload's memory and must not mix with the payload's own. */
    @Test
    void payloadAndHeapBuffersTravelInOrder() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                ScmMessage message = ScmMessage.allocate(10, 0)) {
            message.addBuffer(ByteBuffer.wrap("bc".getBytes(UTF_8)));
            message.addBuffer(ByteBuffer.allocateDirect(1).put(0, (byte) 'd'));
            message.addBuffer(ByteBuffer.wrap("ef".getBytes(UTF_8)));
            message.payload().put((byte) 'a');
            for (int i = 0; i < 2; i++) {
                pair.first().send(message);
                try (Received received = pair.second().receive(20, 0)) {
                    assertThat(text(received.data())).isEqualTo("abcdef");
                }
            }
        }
    }

    @Test
    void aLargeHeapBuffer() throws Exception {
        byte[] bytes = new byte[3 << 20];
        new java.util.Random(1).nextBytes(bytes);
        try (SocketPair<UnixStream> pair = UnixStream.pair();
                Background<Integer> sending = Background.run(() -> pair.first().send(ByteBuffer.wrap(bytes)))) {
            ByteBuffer all = ByteBuffer.allocate(bytes.length);
            while (all.hasRemaining()) {
                assertThat(pair.second().read(all)).isPositive();
            }
            assertThat(all.array()).isEqualTo(bytes);
            assertThat(sending.get()).isEqualTo(bytes.length);
        }
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer).toString();
    }
}
