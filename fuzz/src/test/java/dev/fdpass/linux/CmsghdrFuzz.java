package dev.fdpass.linux;

import static dev.fdpass.fuzz.Inputs.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.fdpass.CmsgFuzz;
import dev.fdpass.fuzz.ControlBytes;
import dev.fdpass.fuzz.SeedsOf;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** {@link Cmsghdr}: the walk that receiving is made of, in a buffer that is larger than what the kernel filled of it. */
@DisplayName("R07: the walk over any control bytes ends, and nothing behind controllen matters")
@SeedsOf(CmsgFuzz.class)
public final class CmsghdrFuzz {
    private static final int BEHIND = 64;

    private CmsghdrFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ControlBytes expected = ControlBytes.read(input);
        // Behind the end: nothing, ones, and lengths that would be right.
        for (long behind : new long[] {0, -1, Cmsghdr.HEADER_SIZE, Cmsghdr.HEADER_SIZE + BEHIND}) {
            MemorySegment control = MemorySegment.ofArray(new byte[input.length + BEHIND]);
            MemorySegment.copy(MemorySegment.ofArray(input), 0, control, 0, input.length);
            for (long at = input.length; at + Long.BYTES <= control.byteSize(); at += Long.BYTES) {
                control.set(JAVA_LONG_UNALIGNED, at, behind);
            }
            walk(control, input.length, expected);
        }
    }

    private static void walk(MemorySegment control, long controllen, ControlBytes expected) {
        List<ControlBytes.Message> messages = expected.messages();
        int count = 0;
        long at = Cmsghdr.first(control, controllen);
        while (at >= 0) {
            check(count < messages.size(), "a message at %d, after the last", at);
            ControlBytes.Message message = messages.get(count++);
            check(at == message.offset(), "message %d at %d, not %d", count, at, message.offset());
            check(at % Cmsghdr.ALIGNMENT == 0, "message %d at %d, between two words", count, at);
            check(Cmsghdr.dataLength(control, at) == message.data().remaining(), "length of message %d", count);
            check(Cmsghdr.data(at) + Cmsghdr.dataLength(control, at) <= controllen, "end of message %d", count);
            check(Cmsghdr.level(control, at) == message.level(), "level of message %d", count);
            check(Cmsghdr.type(control, at) == message.type(), "type of message %d", count);
            at = Cmsghdr.next(control, controllen, at);
        }
        check(count == messages.size(), "%d messages instead of %d", count, messages.size());
        check(at == (expected.malformed() ? Cmsghdr.MALFORMED : Cmsghdr.END), "it ended with %d", at);
    }
}
