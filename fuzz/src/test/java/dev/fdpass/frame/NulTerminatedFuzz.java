package dev.fdpass.frame;

import static dev.fdpass.fuzz.Inputs.check;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/** Frames that end with NUL: {@link NulTerminated}. */
@DisplayName(
        "Any bytes are a frame up to the first NUL, the beginning of one, or refused, in whatever pieces they come")
public final class NulTerminatedFuzz {
    private NulTerminatedFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FrameLimits limits = Piecewise.LIMITS.maxBytes(64);
        Piecewise.Outcome outcome = Piecewise.of(new NulTerminated(limits), input);
        int nul = 0;
        while (nul < input.length && input[nul] != 0) {
            nul++;
        }
        if (nul > limits.maxBytes()) {
            check(outcome.reason().equals("TOO_MANY_BYTES"), "%s of %d bytes before a NUL", outcome, nul);
        } else if (nul == input.length) {
            check(outcome.end() < 0 && outcome.reason().isEmpty(), "%s without a NUL", outcome);
        } else {
            Piecewise.Outcome expected = new Piecewise.Outcome(nul + 1, 0, nul, FrameParser.ANY, "");
            check(outcome.equals(expected), "%s, not %s", outcome, expected);
            byte[] content = Arrays.copyOf(input, nul);
            check(Piecewise.of(new NulTerminated(limits), content).end() < 0, "a frame without its NUL");
        }
    }
}
