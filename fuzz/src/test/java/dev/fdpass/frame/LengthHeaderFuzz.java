package dev.fdpass.frame;

import static dev.fdpass.fuzz.Inputs.check;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;

/** The header of our own frames: {@link LengthHeader}. */
@DisplayName("Any bytes are a frame with a header, the beginning of one, or refused, in whatever pieces they come")
public final class LengthHeaderFuzz {
    private LengthHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Piecewise.Outcome outcome = Piecewise.of(new LengthHeader(Piecewise.LIMITS), input);
        if (outcome.end() < 0) {
            return;
        }
        int length = outcome.contentEnd() - outcome.contentStart();
        check(outcome.contentStart() == 12 && outcome.contentEnd() == outcome.end(), "%s", outcome);
        check(length >= 0 && length <= Piecewise.LIMITS.maxBytes(), "%d bytes of content", length);
        check(outcome.fds() >= 0 && outcome.fds() <= Piecewise.LIMITS.maxFds(), "%d descriptors", outcome.fds());
        ByteBuffer written = Piecewise.buffer(new byte[12]);
        LengthHeader.write(written, 0, length, outcome.fds());
        check(written.equals(ByteBuffer.wrap(input, 0, 12)), "written again, the header is another");
    }
}
