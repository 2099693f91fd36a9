package dev.fdpass.frame;

import static dev.fdpass.fuzz.Inputs.check;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/** The scanner for self-delimiting JSON: {@link JsonFrames}. */
@DisplayName("Any bytes are a JSON object, the beginning of one, or refused, in whatever pieces they come")
public final class JsonFramesFuzz {
    private JsonFramesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        JsonFrames parser = new JsonFrames("fds", Piecewise.LIMITS);
        Piecewise.Outcome outcome = Piecewise.of(parser, input);
        if (outcome.end() < 0) {
            return;
        }
        check(outcome.contentEnd() == outcome.end(), "%s", outcome);
        check(outcome.fds() >= 0 && outcome.fds() <= Piecewise.LIMITS.maxFds(), "%d descriptors", outcome.fds());
        byte[] content = Arrays.copyOfRange(input, outcome.contentStart(), outcome.contentEnd());
        check(content[0] == '{' && content[content.length - 1] == '}', "an object that begins or ends otherwise");
        check(content.length <= Piecewise.LIMITS.maxBytes(), "%d bytes of content", content.length);
        checkAlone(parser, content, outcome);
        checkNested(parser, content);
    }

    /** By itself it is the same object; without its last byte it is none yet. */
    private static void checkAlone(JsonFrames parser, byte[] content, Piecewise.Outcome outcome) {
        Piecewise.Outcome alone = Piecewise.of(parser, content);
        check(alone.end() == content.length && alone.fds() == outcome.fds(), "%s alone, %s before", alone, outcome);
        Piecewise.Outcome cut = Piecewise.of(parser, Arrays.copyOf(content, content.length - 1));
        check(cut.end() < 0 && cut.reason().isEmpty(), "%s without the last byte", cut);
    }

    /** In another object it is a value, whose descriptors are not counted. */
    private static void checkNested(JsonFrames parser, byte[] content) {
        byte[] outer = new byte[content.length + 6];
        System.arraycopy(new byte[] {'{', '"', 'a', '"', ':'}, 0, outer, 0, 5);
        System.arraycopy(content, 0, outer, 5, content.length);
        outer[outer.length - 1] = '}';
        Piecewise.Outcome nested = Piecewise.of(parser, outer);
        boolean isWhole = nested.end() == outer.length && nested.fds() == 0;
        boolean isTooMuch =
                nested.reason().equals("TOO_MANY_BYTES") || nested.reason().equals("MALFORMED");
        check(isWhole || (isTooMuch && content.length > JsonFrames.MAX_DEPTH), "%s in another object", nested);
    }
}
