package dev.fdpass.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/** The text of {@code sd_notify(3)}: lines of {@code NAME=value}. */
final class Fields {
    /** The most bytes that systemd takes, {@code NOTIFY_BUFFER_MAX}. */
    static final int MOST_BYTES = 4096;

    /** The value of what is so. */
    static final String SET = "1";

    private Fields() {}

    static String of(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n' || c == '\0') {
                throw new IllegalArgumentException("the value of " + name + " has a " + (c == 0 ? "NUL" : "line feed")
                        + " at index " + i + ", which would end it; leave it out, or put a space there");
            }
        }
        return name + "=" + value;
    }

    /** Such an assignment of a time. */
    static String ofMicros(String name, Duration time) {
        long micros = TimeUnit.MICROSECONDS.convert(time);
        if (micros <= 0 || micros == Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the time is " + time + "; it must be at least a microsecond, and fit in 63 bits of them");
        }
        return name + "=" + micros;
    }

    static ByteBuffer encode(List<String> assignments) {
        if (assignments.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to tell; give at least one assignment");
        }
        for (String assignment : assignments) {
            int end = assignment.indexOf('=');
            if (end < 1) {
                throw new IllegalArgumentException("\"" + Visible.of(assignment)
                        + "\" is no assignment; it must be a name, '=' and a value, such as READY=1");
            }
            of(Visible.of(assignment.substring(0, end)), assignment);
        }
        ByteBuffer bytes;
        try {
            bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(String.join("\n", assignments)));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a value holds half of a surrogate pair, which has no form in UTF-8", e);
        }
        if (bytes.remaining() > MOST_BYTES) {
            throw new IllegalArgumentException("the notification has " + bytes.remaining() + " bytes; systemd takes "
                    + MOST_BYTES + " and ignores what is longer. Shorten it, or send several");
        }
        return bytes;
    }

    /** The assignments in a message; of several to one name the first. What is none, or not UTF-8, is left out. */
    static SequencedMap<String, String> decode(ByteBuffer message) {
        SequencedMap<String, String> fields = new LinkedHashMap<>();
        int begin = message.position();
        while (begin < message.limit()) {
            int end = begin;
            while (end < message.limit() && message.get(end) != '\n') {
                end++;
            }
            addLine(fields, message.slice(begin, end - begin));
            begin = end + 1;
        }
        return fields;
    }

    private static void addLine(SequencedMap<String, String> fields, ByteBuffer bytes) {
        try {
            String line = UTF_8.newDecoder().decode(bytes).toString();
            int end = line.indexOf('=');
            if (end > 0) {
                fields.putIfAbsent(line.substring(0, end), line.substring(end + 1));
            }
        } catch (CharacterCodingException e) {
            // systemd leaves out a status that is not UTF-8, too.
        }
    }
}
