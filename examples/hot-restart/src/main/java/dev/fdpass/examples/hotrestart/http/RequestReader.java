package dev.fdpass.examples.hotrestart.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes whole requests out of bytes that come in parts (RFC 9112). What is not a whole request yet stays where it is: so what
 * was read of a connection and not answered is always at hand, and can go to another process.
 *
 * <p>Bodies must have a {@code Content-Length}. Lines end with CR LF, nothing else. Keeps no state; safe for use by several
 * threads.
 */
public final class RequestReader {
    /** Bytes of a head at most, from its first to the empty line. */
    public static final int MAX_HEAD = 8 * 1024;

    /** Bytes of a body at most. */
    public static final int MAX_BODY = 16 * 1024;

    /** Bytes of a request at most: whoever has so many and no whole request gets an error. */
    public static final int MAX_REQUEST = MAX_HEAD + MAX_BODY;

    private static final byte DELETE = 0x7f;

    private RequestReader() {}

    /**
     * Takes the first request.
     *
     * @param bytes what came, from the position to the limit, in an array; the position moves behind the request if it is
     *     all there, and past empty lines before it
     * @return the request; null if more bytes are needed
     * @throws BadRequestException if it is none, or larger than allowed, or needs what is not offered here
     */
    public static @Nullable Request next(ByteBuffer bytes) throws BadRequestException {
        skipEmptyLines(bytes);
        int headLength = headLength(bytes);
        if (headLength < 0) {
            return null;
        }
        String head = new String(
                bytes.array(), bytes.arrayOffset() + bytes.position(), headLength - 4, StandardCharsets.ISO_8859_1);
        RequestHead parsed = RequestHead.parse(head);
        if (bytes.remaining() < headLength + parsed.bodyLength()) {
            return null;
        }
        byte[] body = new byte[parsed.bodyLength()];
        bytes.position(bytes.position() + headLength).get(body);
        return parsed.withBody(ByteBuffer.wrap(body));
    }

    /** Which some clients send after a body (RFC 9112, 2.2). */
    private static void skipEmptyLines(ByteBuffer bytes) {
        while (bytes.remaining() >= 2
                && bytes.get(bytes.position()) == '\r'
                && bytes.get(bytes.position() + 1) == '\n') {
            bytes.position(bytes.position() + 2);
        }
    }

    /** Bytes up to and with the empty line; -1 if it is not there yet. */
    private static int headLength(ByteBuffer bytes) throws BadRequestException {
        int begin = bytes.position();
        int end = Math.min(bytes.limit(), begin + MAX_HEAD);
        for (int i = begin; i < end; i++) {
            byte b = bytes.get(i);
            if (b == '\n') {
                if (i == begin || bytes.get(i - 1) != '\r') {
                    throw new BadRequestException(400, "a line ends without CR");
                }
                if (i - begin >= 3 && bytes.get(i - 2) == '\n') {
                    return i + 1 - begin;
                }
            } else if (i > begin && bytes.get(i - 1) == '\r') {
                throw new BadRequestException(400, "CR without LF in the head");
            } else if ((b >= 0 && b < ' ' && b != '\t' && b != '\r') || b == DELETE) {
                throw new BadRequestException(400, "a control character in the head");
            }
        }
        if (bytes.remaining() >= MAX_HEAD) {
            throw new BadRequestException(431, "the head is longer than " + MAX_HEAD + " bytes");
        }
        return -1;
    }

    /** Whether a list such as {@code "keep-alive, Upgrade"} has a word. */
    static boolean hasWord(String list, String word) {
        for (String each : list.split(",", -1)) {
            if (each.strip().toLowerCase(Locale.ROOT).equals(word)) {
                return true;
            }
        }
        return false;
    }
}
