package dev.fdpass;

import static dev.fdpass.fuzz.Inputs.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.fdpass.fuzz.ControlBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** {@link Cmsg}. */
@DisplayName("R07: any control bytes are decoded as cmsg(3) says or refused, and encoded as they were")
public final class CmsgFuzz {
    private static final int END_PADDING = 7;

    private CmsgFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try (Arena arena = Arena.ofConfined()) {
            // Exactly as large as the input: to look outside throws.
            MemorySegment control = arena.allocate(input.length, 1).copyFrom(MemorySegment.ofArray(input));
            ControlBytes expected = ControlBytes.read(input);
            try {
                List<ControlMessage> messages = Cmsg.decode(control);
                check(!expected.malformed(), "decoded what is malformed");
                compare(messages, expected.messages());
                encodeAgain(messages, expected.canonical(input));
            } catch (ProtocolException e) {
                check(expected.malformed(), "refused what is well-formed: %s", e.getMessage());
                check(
                        e.getMessage()
                                .startsWith(
                                        "control message " + expected.messages().size() + " of"),
                        "the message after %d is malformed: %s",
                        expected.messages().size(),
                        e.getMessage());
            }
            check(control.mismatch(MemorySegment.ofArray(input)) < 0, "decoding changed the bytes");
        }
    }

    private static void compare(List<ControlMessage> messages, List<ControlBytes.Message> expected) {
        check(messages.size() == expected.size(), "%d messages instead of %d", messages.size(), expected.size());
        for (int i = 0; i < messages.size(); i++) {
            ControlMessage message = messages.get(i);
            ControlBytes.Message other = expected.get(i);
            check(
                    message.level() == other.level()
                            && message.type() == other.type()
                            && message.data().equals(other.data()),
                    "message %d is %s",
                    i,
                    message);
            List<Integer> fds = Arrays.stream(message.fds()).boxed().toList();
            check(message.isRights() == other.isRights(), "message %d: is it SCM_RIGHTS?", i);
            check(fds.equals(other.isRights() ? other.numbers() : List.of()), "message %d has numbers %s", i, fds);
        }
    }

    private static void encodeAgain(List<ControlMessage> messages, byte[] expected) {
        byte[] encoded = new byte[expected.length + END_PADDING];
        Arrays.fill(encoded, (byte) 0xa5);
        long end = Cmsg.encode(MemorySegment.ofArray(encoded), messages);
        check(end == expected.length, "encoded into %d bytes, not %d", end, expected.length);
        check(Arrays.equals(Arrays.copyOf(encoded, expected.length), expected), "encoded differently");

        if (expected.length > 0) {
            MemorySegment small = MemorySegment.ofArray(new byte[expected.length - 1]);
            try {
                Cmsg.encode(small, messages);
                throw new AssertionError("encoded into too small a buffer");
            } catch (IllegalArgumentException e) {
                check(Arrays.equals(small.toArray(JAVA_BYTE), new byte[expected.length - 1]), "but wrote something");
            }
        }
    }
}
