package dev.fdpass.bench.soak;

import java.nio.ByteBuffer;

/** Each receive is a message. */
final class Packets implements Assembly {
    private final Reckoning reckoning;
    private final Counts counts;

    Packets(Reckoning reckoning, Counts counts) {
        this.reckoning = reckoning;
        this.counts = counts;
    }

    @Override
    public void add(ByteBuffer data, long packetBytes, boolean payloadTruncated, Settled settled) {
        int bytes = data.remaining();
        Header header = Header.read(data);
        if (packetBytes != Header.BYTES + header.payloadBytes() || payloadTruncated != packetBytes > bytes) {
            throw new DiscrepancyException(bytes + " bytes came of a packet that is said to have " + packetBytes
                    + (payloadTruncated ? ", and to be truncated: " : ": ") + header);
        }
        header.checkPayload(0, data);
        reckoning.check(header, settled);
        if (payloadTruncated) {
            counts.payloadsTruncated.increment();
        }
    }

    @Override
    public int leastRoom() {
        return Header.BYTES;
    }

    @Override
    public void checkEnd() {
        // Packets are whole.
    }
}
