package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CmsgCodecTest {
    private static final int IPPROTO_IP = 0;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31, 32, 33, 253, 1000})
    void descriptorNumbersComeBackAsTheyWere(int count) throws ProtocolException {
        int[] fds = IntStream.range(0, count).map(i -> i * 7 + 3).toArray();
        MemorySegment control = MemorySegment.ofArray(new byte[(int) Cmsg.space(count * 4L)]);

        long length = Cmsg.encode(control, List.of(ControlMessage.rights(fds)));

        assertThat(length).isEqualTo(Cmsg.len(count * 4L));
        List<ControlMessage> decoded = Cmsg.decode(control.asSlice(0, length));
        assertThat(decoded).singleElement().satisfies(message -> {
            assertThat(message.isRights()).isTrue();
            assertThat(message.fds()).isEqualTo(fds);
        });
    }

    @Test
    void severalMessagesComeBackInOrder() throws ProtocolException {
        List<ControlMessage> messages = List.of(
                new ControlMessage(ControlMessage.SOL_SOCKET, 2, bytes(12)),
                ControlMessage.rights(7),
                new ControlMessage(IPPROTO_IP, 8, bytes(1)),
                new ControlMessage(-1, -2, bytes(0)),
                ControlMessage.rights(8, 9, 10));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = arena.allocate(1000);

            long length = Cmsg.encode(control, messages);

            assertThat(length).isEqualTo(16 + 16 + 24 + 24 + 16 + 28);
            assertThat(Cmsg.decode(control.asSlice(0, length))).isEqualTo(messages);
        }
    }

    @Test
    void bytesAreWhereTheKernelLooksForThem() {
        ByteBuffer control = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());

        Cmsg.encode(MemorySegment.ofBuffer(control), List.of(ControlMessage.rights(42)));

        assertThat(control.getLong(0)).isEqualTo(20); // cmsg_len
        assertThat(control.getInt(8)).isEqualTo(1); // SOL_SOCKET
        assertThat(control.getInt(12)).isEqualTo(1); // SCM_RIGHTS
        assertThat(control.getInt(16)).isEqualTo(42);
        assertThat(control.getInt(20)).isZero();
    }

    @Test
    void paddingIsZeroed() {
        byte[] control = new byte[24];
        Arrays.fill(control, (byte) 0x55);

        Cmsg.encode(MemorySegment.ofArray(control), List.of(ControlMessage.rights(-1)));

        assertThat(Arrays.copyOfRange(control, 20, 24)).containsOnly(0);
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingWritten() {
        byte[] control = new byte[47];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cmsg.encode(
                        MemorySegment.ofArray(control), List.of(ControlMessage.rights(1), ControlMessage.rights(2, 3))))
                .withMessageContaining("48")
                .withMessageContaining("47");
        assertThat(control).containsOnly(0);
    }

    @Test
    void noMessagesAreNoBytes() throws ProtocolException {
        MemorySegment nothing = MemorySegment.ofArray(new byte[0]);

        assertThat(Cmsg.encode(nothing, List.of())).isZero();
        assertThat(Cmsg.decode(nothing)).isEmpty();
    }

    @Test
    void anUnalignedSegmentIsReadAndWritten() throws ProtocolException {
        MemorySegment odd = MemorySegment.ofArray(new byte[64]).asSlice(3);

        long length = Cmsg.encode(odd, List.of(ControlMessage.rights(5, 6)));

        assertThat(Cmsg.decode(odd.asSlice(0, length)).getFirst().fds()).containsExactly(5, 6);
    }

    @Test
    void aReadOnlySegmentIsRead() throws ProtocolException {
        MemorySegment control = MemorySegment.ofArray(new byte[24]);
        Cmsg.encode(control, List.of(ControlMessage.rights(5, 6)));

        assertThat(Cmsg.decode(control.asReadOnly()).getFirst().fds()).containsExactly(5, 6);
        assertThatThrownBy(() -> Cmsg.encode(control.asReadOnly(), List.of(ControlMessage.rights(1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageKeepsACopyOfItsData() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1);
        ControlMessage message = new ControlMessage(IPPROTO_IP, 1, data);
        data.put(1, (byte) 9);

        assertThat(message.data().remaining()).isEqualTo(3);
        assertThat(message.data().get(0)).isEqualTo((byte) 2);
        assertThat(data.position()).isEqualTo(1);
        message.data().get();
        assertThat(message.data().position()).as("of another view").isZero();
        assertThatThrownBy(() -> message.data().put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void dataIsInNativeOrder() {
        ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, 0x01020304);

        assertThat(new ControlMessage(IPPROTO_IP, 1, data).data().getInt()).isEqualTo(0x01020304);
    }

    @Test
    void onlyRightsHaveDescriptors() {
        assertThat(new ControlMessage(ControlMessage.SOL_SOCKET, 2, bytes(12)).fds())
                .isEmpty();
        assertThat(new ControlMessage(IPPROTO_IP, ControlMessage.SCM_RIGHTS, bytes(4)).isRights())
                .isFalse();
    }

    @Test
    void rightsWithBytesToSpareHaveWholeDescriptorsOnly() {
        assertThat(new ControlMessage(ControlMessage.SOL_SOCKET, ControlMessage.SCM_RIGHTS, bytes(7)).fds())
                .hasSize(1);
        assertThat(new ControlMessage(ControlMessage.SOL_SOCKET, ControlMessage.SCM_RIGHTS, bytes(3)).fds())
                .isEmpty();
    }

    private static ByteBuffer bytes(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put(i, (byte) (i + 1));
        }
        return bytes;
    }
}
