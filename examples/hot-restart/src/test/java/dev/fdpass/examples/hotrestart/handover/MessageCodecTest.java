package dev.fdpass.examples.hotrestart.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.examples.hotrestart.service.Parcel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    static Stream<Message> messages() {
        return Stream.of(
                new Message.Hello(1, 65535),
                new Message.Listener(1),
                new Message.Ready(),
                new Message.Connection(0, ByteBuffer.allocate(0)),
                new Message.Connection(
                        Long.MAX_VALUE, ByteBuffer.wrap("GET / HTTP".getBytes(StandardCharsets.US_ASCII))),
                new Message.Connection(7, ByteBuffer.allocate(Parcel.MAX_UNREAD)),
                new Message.Ack(-1),
                new Message.Done(3),
                new Message.Failure("no such version"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsReadIsWhatWasWritten(Message message) throws Exception {
        ByteBuffer packet = MessageCodec.encode(message);
        assertThat(packet.remaining()).isLessThanOrEqualTo(MessageCodec.MAX_PACKET);
        assertThat(MessageCodec.decode(packet, message.fdCount())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageHasAsManyDescriptorsAsItsTypeSays(Message message) {
        assertThatThrownBy(() -> MessageCodec.decode(MessageCodec.encode(message), 1 - message.fdCount()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("descriptors");
    }

    @Test
    void theLayoutIsThatOfTheDocument() {
        assertThat(hex(new Message.Hello(1, 2))).isEqualTo("01" + "66644852" + "0001" + "0002");
        assertThat(hex(new Message.Listener(1))).isEqualTo("02" + "0001");
        assertThat(hex(new Message.Ready())).isEqualTo("03");
        assertThat(hex(new Message.Connection(5, ByteBuffer.wrap(new byte[] {'G', 'E'}))))
                .isEqualTo("04" + "0000000000000005" + "4745");
        assertThat(hex(new Message.Ack(5))).isEqualTo("05" + "0000000000000005");
        assertThat(hex(new Message.Done(6))).isEqualTo("06" + "0000000000000006");
        assertThat(hex(new Message.Failure("no"))).isEqualTo("07" + "6e6f");
    }

    private static String hex(Message message) {
        ByteBuffer packet = MessageCodec.encode(message);
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "00, unknown type 0",
        "08, unknown type 8",
        "ff, unknown type -1",
        "0166644852000100, HELLO has 8 bytes",
        "01666448520001000100, HELLO has 10 bytes",
        "015353480000010001, of something else",
        "02, LISTENER has 1",
        "0300, READY has 2",
        "0400000000000000, CONNECTION has 8",
        "05, ACK has 1",
        "06000000000000000000, DONE has 10"
    })
    void whatIsNoMessageIsRefusedWithTheReason(String hex, String reason) {
        ByteBuffer packet = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> MessageCodec.decode(packet, 0))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aReasonThatIsTooLongIsCut() throws Exception {
        Message read = MessageCodec.decode(MessageCodec.encode(new Message.Failure("x".repeat(5000))), 0);
        assertThat(read).isEqualTo(new Message.Failure("x".repeat(1024)));
    }
}
