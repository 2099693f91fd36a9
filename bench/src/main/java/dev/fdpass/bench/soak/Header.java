package dev.fdpass.bench.soak;

import java.nio.ByteBuffer;

/**
 * What each message begins with.
 *
 * @param kind {@link #CONTENT}, {@link #LAST} or {@link #LEDGER}
 * @param fds descriptors that it was sent with
 * @param sequence how many messages the same sender has begun before
 * @param firstFile which of the sender's {@link NamedFiles} the first of them is; the others follow in order
 * @param payloadBytes bytes after the header
 */
record Header(int kind, int fds, long sequence, int firstFile, int payloadBytes) {
    /** Bytes of a header. */
    static final int BYTES = 24;

    static final int MAX_PAYLOAD = 64 * 1024;
    static final int MAX_BYTES = BYTES + MAX_PAYLOAD;

    static final int CONTENT = 1;
    /** There will be no more. */
    static final int LAST = 2;
    /** Carries the sender's {@link Ledger}; not counted. */
    static final int LEDGER = 3;

    private static final int MAGIC = 0x50a7_f00d;

    /** Payloads are stretches of this, chosen by the sequence number: bytes that went astray are noticed. */
    private static final ByteBuffer PATTERN = pattern();

    private static ByteBuffer pattern() {
        ByteBuffer pattern = ByteBuffer.allocateDirect(2 * MAX_PAYLOAD);
        for (int i = 0; i < pattern.capacity(); i++) {
            pattern.put(i, (byte) (i * 31 + (i >> 8)));
        }
        return pattern.asReadOnlyBuffer();
    }

    /** Writes header and payload. */
    void writeMessage(ByteBuffer to) {
        to.putInt(MAGIC).putShort((short) kind).putShort((short) fds).putLong(sequence);
        to.putInt(firstFile).putInt(payloadBytes);
        to.put(payload(0, payloadBytes));
    }

    static Header read(ByteBuffer from) {
        if (from.remaining() < BYTES || from.getInt() != MAGIC) {
            throw new DiscrepancyException("a message does not begin with a header");
        }
        return new Header(from.getShort(), from.getShort(), from.getLong(), from.getInt(), from.getInt());
    }

    /** What stands at {@code offset} of the payload. */
    ByteBuffer payload(int offset, int length) {
        return PATTERN.slice((int) (sequence & (MAX_PAYLOAD - 1)) + offset, length);
    }

    void checkPayload(int offset, ByteBuffer came) {
        if (!payload(offset, came.remaining()).equals(came)) {
            throw new DiscrepancyException("the payload of message " + sequence + " came changed, somewhere in the "
                    + came.remaining() + " bytes from " + offset);
        }
    }
}
