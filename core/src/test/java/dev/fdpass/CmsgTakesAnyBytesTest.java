package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R07: control bytes that no kernel wrote")
class CmsgTakesAnyBytesTest {
    private static final int ROUNDS = 200_000;

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                15,
                41,
                48,
                Integer.MAX_VALUE,
                1L << 32,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 15,
                -1,
                -16,
                -40,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 20
            })
    void aLengthThatCannotBeEndsTheWalk(long length) {
        byte[] control = new byte[40];
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).putLong(0, length);

        assertThatThrownBy(() -> Cmsg.decode(MemorySegment.ofArray(control)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("control message 0")
                .hasMessageContaining("40 bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15, 25, -1, Long.MIN_VALUE})
    void alsoInALaterMessage(long length) {
        byte[] control = new byte[48];
        MemorySegment segment = MemorySegment.ofArray(control);
        Cmsg.encode(segment, List.of(ControlMessage.rights(1), ControlMessage.rights(2)));
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).putLong(24, length);

        assertThatThrownBy(() -> Cmsg.decode(segment))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("control message 1");
    }

    @ParameterizedTest
    @CsvSource({"16, 0", "17, 1", "39, 23", "40, 24"})
    void aLengthFromTheHeaderToTheEndIsTaken(long length, int data) throws ProtocolException {
        byte[] control = new byte[40];
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).putLong(0, length);
        // Where bytes remain after it for another header, that one is there too and has no length.
        MemorySegment first = MemorySegment.ofArray(control).asSlice(0, Math.min(40, Cmsg.align(length)));

        assertThat(Cmsg.decode(first))
                .singleElement()
                .satisfies(message -> assertThat(message.data().remaining()).isEqualTo(data));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 15})
    void lessThanAHeaderIsPadding(int size) throws ProtocolException {
        byte[] control = new byte[size];
        Arrays.fill(control, (byte) 0xff);

        assertThat(Cmsg.decode(MemorySegment.ofArray(control))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 15})
    void alsoAfterAMessage(int size) throws ProtocolException {
        byte[] control = new byte[24 + size];
        Arrays.fill(control, (byte) 0xff);
        Cmsg.encode(MemorySegment.ofArray(control).asSlice(0, 24), List.of(ControlMessage.rights(1, 2)));

        assertThat(Cmsg.decode(MemorySegment.ofArray(control)))
                .singleElement()
                .satisfies(message -> assertThat(message.fds()).containsExactly(1, 2));
    }

    @Test
    void randomBytesGiveMessagesOrAProtocolException() {
        Random random = new Random(20_25);
        int malformed = 0;
        int decoded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // Exactly as large as the message: to read outside throws, and not only where a guard page happens to be.
            byte[] control = new byte[random.nextInt(120)];
            random.nextBytes(control);
            makePlausible(control, random);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = arena.allocate(control.length, 1).copyFrom(MemorySegment.ofArray(control));
                List<ControlMessage> messages = Cmsg.decode(segment);
                decoded += messages.isEmpty() ? 0 : 1;
                assertThat(occupied(messages)).isLessThanOrEqualTo(Cmsg.align(control.length));
                assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(control);
            } catch (ProtocolException e) {
                malformed++;
            }
        }
        assertThat(malformed).as("malformed of " + ROUNDS).isGreaterThan(ROUNDS / 10);
        assertThat(decoded).as("well-formed of " + ROUNDS).isGreaterThan(ROUNDS / 10);
    }

    /** Lengths near what could be, or the walk would always end at the first. */
    private static void makePlausible(byte[] control, Random random) {
        ByteBuffer buffer = ByteBuffer.wrap(control).order(ByteOrder.nativeOrder());
        for (int at = 0; at + 8 <= control.length && random.nextInt(8) > 0; ) {
            int length = random.nextInt(6) > 0 ? 16 + random.nextInt(control.length - at + 8) : random.nextInt(16);
            buffer.putLong(at, random.nextInt(30) > 0 ? length : random.nextLong());
            at += Math.max(8, (length + 7) & -8);
        }
    }

    private static long occupied(List<ControlMessage> messages) {
        return messages.stream()
                .mapToLong(message -> Cmsg.space(message.data().remaining()))
                .sum();
    }
}
