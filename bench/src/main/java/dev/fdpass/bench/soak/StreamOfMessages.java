package dev.fdpass.bench.soak;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages in a stream, in pieces as they come. Descriptors come with the first byte of their message, and the kernel ends a
 * receive with the bytes that carried some: so those of a receive belong to the message that its last byte belongs to, and
 * of the others that begin in it none has any.
 */
final class StreamOfMessages implements Assembly {
    private final Reckoning reckoning;
    private final ByteBuffer headerBytes = ByteBuffer.allocate(Header.BYTES);
    private @Nullable Header header;
    private @Nullable Settled settled;
    private int payloadAt;

    StreamOfMessages(Reckoning reckoning) {
        this.reckoning = reckoning;
    }

    @Override
    public void add(ByteBuffer data, long packetBytes, boolean payloadTruncated, Settled ofThisReceive) {
        boolean begins = false;
        while (data.hasRemaining()) {
            begins = header == null && headerBytes.position() == 0;
            int left = data.remaining() - bytesOfThisMessage(data);
            if (begins) {
                // Unknown with a piece of a header, which is all that is left then.
                settled = left > 0 ? Settled.NOTHING : ofThisReceive;
            }
            addToMessage(data);
        }
        if (!begins && (ofThisReceive.arrived() > 0 || ofThisReceive.truncated())) {
            throw new DiscrepancyException(
                    ofThisReceive.arrived() + " descriptors came with a later byte of a message than its first");
        }
    }

    /** How many of the bytes belong to the message that the first of them belongs to. */
    private int bytesOfThisMessage(ByteBuffer data) {
        Header known = header;
        if (known != null) {
            return Math.min(data.remaining(), known.payloadBytes() - payloadAt);
        }
        int restOfHeader = headerBytes.remaining();
        if (data.remaining() < restOfHeader) {
            return data.remaining();
        }
        ByteBuffer copy =
                ByteBuffer.allocate(Header.BYTES).put(headerBytes.duplicate().flip());
        copy.put(data.slice(data.position(), restOfHeader));
        return Math.min(
                data.remaining(), restOfHeader + Header.read(copy.flip()).payloadBytes());
    }

    private void addToMessage(ByteBuffer data) {
        Header known = header;
        if (known == null) {
            while (headerBytes.hasRemaining() && data.hasRemaining()) {
                headerBytes.put(data.get());
            }
            if (headerBytes.hasRemaining()) {
                return;
            }
            known = Header.read(headerBytes.flip());
            header = known;
            payloadAt = 0;
            reckoning.check(known, Objects.requireNonNull(settled));
        }
        int here = Math.min(data.remaining(), known.payloadBytes() - payloadAt);
        known.checkPayload(payloadAt, data.slice(data.position(), here));
        data.position(data.position() + here);
        payloadAt += here;
        if (payloadAt == known.payloadBytes()) {
            header = null;
            headerBytes.clear();
        }
    }

    @Override
    public int leastRoom() {
        return 1;
    }

    /** A sender that was killed may have sent a part of a message; but its header went as a whole. */
    @Override
    public void checkEnd() {
        if (header == null && headerBytes.position() > 0) {
            throw new DiscrepancyException("the stream ended within a header");
        }
    }
}
