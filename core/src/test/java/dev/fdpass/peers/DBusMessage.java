package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * As much of the D-Bus wire format as it takes to talk to the daemon: header fields that are strings or numbers, and a
 * body that the caller lays out. See the D-Bus specification, "Message Format".
 *
 * @param type 1 for a call, 2 for a return, 3 for an error, 4 for a signal
 * @param flags 1 where no reply is expected
 * @param serial the sender's number of the message
 * @param fields header fields by their code: strings, and numbers as {@link Integer}
 * @param body laid out as the signature field says, little-endian
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
record DBusMessage(int type, int flags, int serial, Map<Integer, Object> fields, byte[] body) {
    static final int CALL = 1;
    static final int RETURN = 2;
    static final int NO_REPLY_EXPECTED = 1;

    static final int PATH = 1;
    static final int INTERFACE = 2;
    static final int MEMBER = 3;
    static final int REPLY_SERIAL = 5;
    static final int DESTINATION = 6;
    static final int SENDER = 7;
    static final int SIGNATURE = 8;
    static final int UNIX_FDS = 9;

    /** The part of a message that says how long the rest is. */
    static final int FIXED_BYTES = 16;

    private static final int LARGEST = 4096;
    private static final int FIELDS_AT = 12;

    /** A call of a method without arguments. */
    static DBusMessage call(int serial, String destination, String path, String itsInterface, String member) {
        Map<Integer, Object> fields = new TreeMap<>();
        fields.put(PATH, path);
        fields.put(INTERFACE, itsInterface);
        fields.put(MEMBER, member);
        fields.put(DESTINATION, destination);
        return new DBusMessage(CALL, 0, serial, fields, new byte[0]);
    }

    /** This call with one argument, a descriptor: the body is its index among those that go along. */
    DBusMessage withDescriptor(int announced) {
        Map<Integer, Object> more = new TreeMap<>(fields);
        more.put(SIGNATURE, "h");
        more.put(UNIX_FDS, announced);
        return new DBusMessage(type, NO_REPLY_EXPECTED, serial, more, new byte[4]);
    }

    String text(int field) {
        return (String) Objects.requireNonNull(fields.get(field), () -> "no field " + field + " in " + this);
    }

    int number(int field) {
        return (Integer) fields.getOrDefault(field, 0);
    }

    /** The body of a message with one string. */
    String bodyText() {
        return text(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN));
    }

    // ---- Marshalling

    ByteBuffer toBytes() {
        ByteBuffer out = ByteBuffer.allocate(LARGEST).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'l').put((byte) type).put((byte) flags).put((byte) 1);
        out.putInt(body.length).putInt(serial).putInt(0);
        fields.forEach((code, value) -> {
            align(out, 8);
            out.put(code.byteValue());
            if (value instanceof Integer number) {
                putSignature(out, "u");
                align(out, 4);
                out.putInt(number);
            } else {
                String signature = code == PATH ? "o" : code == SIGNATURE ? "g" : "s";
                putSignature(out, signature);
                if (code == SIGNATURE) {
                    putSignature(out, (String) value);
                } else {
                    align(out, 4);
                    byte[] bytes = ((String) value).getBytes(UTF_8);
                    out.putInt(bytes.length).put(bytes).put((byte) 0);
                }
            }
        });
        out.putInt(FIELDS_AT, out.position() - FIXED_BYTES);
        align(out, 8);
        return out.put(body).flip();
    }

    private static void putSignature(ByteBuffer out, String signature) {
        out.put((byte) signature.length()).put(signature.getBytes(UTF_8)).put((byte) 0);
    }

    /** How many bytes follow the first {@link #FIXED_BYTES}. */
    static int bytesAfter(ByteBuffer fixed) {
        ByteBuffer in = fixed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int fieldBytes = in.getInt(FIELDS_AT);
        return aligned(fieldBytes, 8) + in.getInt(4);
    }

    static DBusMessage parse(ByteBuffer whole) {
        ByteBuffer in = whole.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int end = FIXED_BYTES + in.getInt(FIELDS_AT);
        Map<Integer, Object> fields = new TreeMap<>();
        in.position(FIXED_BYTES);
        while (in.position() < end) {
            skip(in, 8);
            int code = in.get();
            switch (signature(in)) {
                case "u" -> {
                    skip(in, 4);
                    fields.put(code, in.getInt());
                }
                case "g" -> fields.put(code, signature(in));
                default -> {
                    skip(in, 4);
                    fields.put(code, text(in));
                }
            }
        }
        skip(in, 8);
        byte[] body = new byte[in.getInt(4)];
        in.get(body);
        return new DBusMessage(in.get(1), in.get(2), in.getInt(8), fields, body);
    }

    private static String signature(ByteBuffer in) {
        byte[] bytes = new byte[in.get()];
        in.get(bytes).get();
        return new String(bytes, UTF_8);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes).get();
        return new String(bytes, UTF_8);
    }

    private static void align(ByteBuffer out, int to) {
        while (out.position() % to != 0) {
            out.put((byte) 0);
        }
    }

    private static void skip(ByteBuffer in, int to) {
        in.position(aligned(in.position(), to));
    }

    private static int aligned(int length, int to) {
        return (length + to - 1) / to * to;
    }
}
