package dev.fdpass.tube;

import dev.fdpass.frame.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What stands in front of a message that is a question or an answer: its kind, 1 byte, and the number of the question,
 * 8 bytes, little-endian.
 *
 * @param kind what follows
 * @param id the number that the asking side gave its question, and that the answer repeats
 */
record Envelope(byte kind, long id) {
    /** A message follows. */
    static final byte REQUEST = 1;
    /** A message follows. */
    static final byte REPLY = 2;
    /** UTF-8 follows: why there is no reply. */
    static final byte FAILURE = 3;

    static final int BYTES = 9;
    /** Bytes of the text of a failure: less than what a packet holds. */
    private static final int MOST_TEXT = 1 << 14;

    void writeTo(Conversation.Outgoing frame) {
        ByteBuffer header = ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(kind)
                .putLong(id);
        frame.write(header.array(), 0, BYTES);
    }

    /** Takes it from the front of a frame. */
    static Envelope readFrom(Frame frame) throws MessageException {
        ByteBuffer data = frame.data();
        if (data.remaining() < BYTES) {
            throw new MessageException("a frame of " + data.remaining() + " bytes; a request or a reply begins with "
                    + BYTES + ", its kind and number. Does the peer have a RequestTube or ReplyTube?");
        }
        byte kind = data.get();
        long id = data.order(ByteOrder.LITTLE_ENDIAN).getLong();
        data.order(ByteOrder.BIG_ENDIAN);
        return new Envelope(kind, id);
    }

    MessageException unexpected() {
        return new MessageException("a frame of kind " + kind + " came, which has no business here; " + REQUEST
                + " is a request, " + REPLY + " a reply, " + FAILURE + " a failure");
    }

    /** A failure's frame. */
    static Conversation.Outgoing failure(long id, String text, int maxBytes) {
        Conversation.Outgoing frame = new Conversation.Outgoing();
        new Envelope(FAILURE, id).writeTo(frame);
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(maxBytes - BYTES, MOST_TEXT));
        CoderResult unused = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), bytes, true); // whole characters, as many as there is room for
        frame.write(bytes.array(), 0, bytes.position());
        return frame;
    }

    static String text(Frame frame) {
        return StandardCharsets.UTF_8.decode(frame.data()).toString();
    }
}
