package dev.fdpass.examples.sharedring.run;

import dev.fdpass.examples.sharedring.ring.RingOffer;
import dev.fdpass.examples.sharedring.ring.RingReceiver;
import dev.fdpass.examples.sharedring.ring.RingSender;
import dev.fdpass.tube.Tube;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Two rings, one for each direction, and the tube that they came through. */
final class RingLane implements Lane {
    private final Tube<RingOffer, RingOffer> tube;
    private final RingSender sender;
    private final RingReceiver receiver;
    private final MemorySegment received = Arena.ofAuto().allocate(Payload.MOST_BYTES, Long.BYTES);

    private RingLane(Tube<RingOffer, RingOffer> tube, RingSender sender, RingReceiver receiver) {
        this.tube = tube;
        this.sender = sender;
        this.receiver = receiver;
    }

    /**
     * Makes a ring, and accepts the one that the other side makes.
     *
     * @param tube that belongs to the lane from now on, also if this fails
     */
    static RingLane over(Tube<RingOffer, RingOffer> tube, int capacity, Duration spin, Duration patience)
            throws IOException {
        try {
            tube.setReceiveTimeout(patience);
            RingSender sender = RingSender.offer(tube, capacity);
            try {
                RingReceiver receiver = RingReceiver.accept(tube);
                sender.setSpin(spin);
                receiver.setSpin(spin);
                sender.setTimeout(patience);
                receiver.setTimeout(patience);
                return new RingLane(tube, sender, receiver);
            } catch (Throwable t) {
                try (sender) {
                    throw t;
                }
            }
        } catch (Throwable t) {
            try (tube) {
                throw t;
            }
        }
    }

    @Override
    public void send(MemorySegment message) throws IOException {
        sender.send(message);
    }

    @Override
    public MemorySegment receive(int size) throws IOException {
        int length = receiver.receive(received);
        if (length != size) {
            throw new IOException("a message of " + length + " bytes through the ring, not of " + size);
        }
        return received.asSlice(0, size);
    }

    @Override
    public void close() throws IOException {
        try (tube;
                sender) {
            receiver.close();
        }
    }
}
