package dev.fdpass.tube;

import static dev.fdpass.fuzz.Inputs.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fdpass.AsFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

/**
 * Messages as a hostile peer sends them, with real descriptors: {@link Envelope}, {@link JacksonFormat}, {@link FdSource}.
 *
 * <p>The first line of the input says which descriptors there are, by the letters of {@link Palette}; the rest are the bytes.
 * With {@code ?} at its beginning they go to a {@link ReplyTube}, else to a {@link Tube}.
 */
@DisplayName(
        "L05: any bytes with any descriptors are a message that has each of them once, or refused with all of them closed")
public final class TubeMessageFuzz {
    private static final MessageFormat<Anything> FORMAT = JacksonCodec.json().format(Anything.class);
    private static final FrameLimits LIMITS = FrameLimits.DEFAULT.maxBytes(1 << 14);
    private static final int ENVELOPE = 9;
    /** Characters; a path in the message comes on top. */
    private static final int MOST_TOLD = 1000;

    private static final long LAST = 0x1234_5678_9abc_def0L;

    private TubeMessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        int line = 0;
        while (line < input.length && input[line] != '\n') {
            line++;
        }
        String letters = line == input.length ? "" : new String(input, 0, line, ISO_8859_1);
        byte[] bytes = line == input.length ? input : Arrays.copyOfRange(input, line + 1, input.length);
        Palette palette = new Palette();
        try (palette;
                SocketPair<UnixStream> pair = UnixStream.pair();
                FramedChannel peer = FramedChannel.over(pair.first(), Framing.lengthHeader(), LIMITS)) {
            if (letters.startsWith("?")) {
                request(peer, pair.second(), bytes, palette.pick(letters));
            } else {
                message(peer, pair.second(), bytes, palette.pick(letters));
            }
        }
        check(palette.isAllClosed(), "descriptors are left open");
    }

    private static void message(FramedChannel peer, UnixStream socket, byte[] bytes, AsFd... fds) throws IOException {
        Tube<Anything, Anything> tube = Tube.over(socket, Anything.class, Anything.class, LIMITS, JacksonCodec.json());
        peer.send(ByteBuffer.wrap(bytes), fds);
        Anything message;
        try {
            message = tube.receive();
        } catch (MessageException e) {
            checkTold(e.getMessage());
            return;
        }
        Conversation.Outgoing again;
        try {
            checkOwns(message, fds.length);
            again = encoded(message, bytes);
            if (again == null) {
                return;
            }
            peer.send(again.bytes(), again.fds());
        } finally {
            Descriptors.closeAll(message);
        }
        Anything same = tube.receive();
        try {
            checkOwns(same, fds.length);
            Conversation.Outgoing third = encoded(same, bytes);
            check(third != null && third.bytes().equals(again.bytes()), "%s became %s", message, same);
        } finally {
            Descriptors.closeAll(same);
        }
    }

    private static void request(FramedChannel peer, UnixStream socket, byte[] bytes, AsFd... fds) throws IOException {
        ReplyTube<Anything, Anything> answering =
                ReplyTube.over(socket, Anything.class, Anything.class, LIMITS, JacksonCodec.json());
        peer.send(ByteBuffer.wrap(bytes), fds);
        Conversation.Outgoing last = new Conversation.Outgoing();
        new Envelope(Envelope.REQUEST, LAST).writeTo(last);
        FORMAT.encode(Anything.Colour.RED, last, last.sink());
        peer.send(last.bytes());
        boolean isRequest = bytes.length >= ENVELOPE && bytes[0] == Envelope.REQUEST;
        Request<Anything, Anything> request;
        try {
            request = answering.receive();
        } catch (MessageException e) {
            check(!isRequest, "a request of some kind: %s", e);
            checkTold(e.getMessage());
            checkLast(answering.receive());
            return;
        }
        check(isRequest, "no request, and received as %s", request.message());
        Optional<Frame> refused = peer.tryReceive();
        if (refused.isPresent()) {
            checkAnswer(refused.get(), Envelope.FAILURE, bytes, 0);
            checkLast(request);
            return;
        }
        try {
            checkOwns(request.message(), fds.length);
            if (encoded(request.message(), bytes) != null) {
                request.reply(request.message());
                checkAnswer(peer.receive(), Envelope.REPLY, bytes, fds.length);
            }
        } finally {
            Descriptors.closeAll(request.message());
        }
        checkLast(answering.receive());
    }

    /** The sentinel: what came before it has not done any harm. */
    private static void checkLast(Request<Anything, Anything> request) {
        check(request.message() == Anything.Colour.RED, "%s behind it", request.message());
    }

    private static void checkAnswer(Frame received, byte kind, byte[] to, int fds) throws IOException {
        try (Frame frame = received) {
            Envelope envelope = Envelope.readFrom(frame);
            long id = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
            check(envelope.equals(new Envelope(kind, id)), "%s, to a request with number %d", envelope, id);
            check(frame.fdCount() == fds, "%d descriptors with the answer, of %d", frame.fdCount(), fds);
            if (kind == Envelope.FAILURE) {
                checkTold(Envelope.text(frame));
            }
        }
    }

    /** Something that a log can have. */
    private static void checkTold(String why) {
        check(!why.isEmpty() && why.length() < 2 * MOST_TOLD, "told: %s", why);
        check(why.codePoints().noneMatch(Character::isISOControl), "control characters: %s", why);
    }

    /** Each descriptor that came, once, and open. */
    private static void checkOwns(Anything message, int count) {
        List<AsFd> all = Descriptors.in(message);
        Set<Object> different = Collections.newSetFromMap(new IdentityHashMap<>());
        all.forEach(fd -> different.add(fd.asFd()));
        check(different.size() == count && all.size() == count, "%d came, %s has others", count, message);
        check(all.stream().allMatch(fd -> fd.asFd().isOpen()), "closed, and in a message: %s", message);
    }

    /** Null if it cannot be sent: text with half of a surrogate pair, which an escape can make. */
    private static Conversation.Outgoing encoded(Anything message, byte[] from) throws IOException {
        Conversation.Outgoing frame = new Conversation.Outgoing();
        try {
            FORMAT.encode(message, frame, frame.sink());
            return frame;
        } catch (IllegalArgumentException e) {
            check(new String(from, ISO_8859_1).contains("\\u"), "cannot be sent on: %s", e);
            return null;
        }
    }
}
