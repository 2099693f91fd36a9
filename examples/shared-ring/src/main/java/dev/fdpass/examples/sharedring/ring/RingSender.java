package dev.fdpass.examples.sharedring.ring;

import static dev.fdpass.examples.sharedring.ring.RingLayout.HEADER_BYTES;
import static dev.fdpass.examples.sharedring.ring.RingLayout.LENGTH_BYTES;

import dev.fdpass.EventFd;
import dev.fdpass.examples.sharedring.ring.RingLayout.Role;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.tube.Tube;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * The end of a ring that writes.
 *
 * <pre>{@code
 * try (var tube = Tube.over(socket, RingOffer.class, RingOffer.class);
 *         var ring = RingSender.offer(tube, 1 << 22)) {
 *     ring.send(MemorySegment.ofArray("hello".getBytes(UTF_8)));
 * }
 * }</pre>
 *
 * <p>For one thread at a time. Interrupting it while it waits ends the use of this end.
 */
public final class RingSender implements AutoCloseable {
    private final RingEnd end;

    private RingSender(RingEnd end) {
        this.end = end;
    }

    /**
     * Makes a ring, and sends its memory and bells through a tube.
     *
     * @param tube to the receiver. It stays yours to close, and shows that the receiver has ended; as long as the ring is used,
     *     nothing else may come through it but another offer before the first message
     * @param capacity bytes that the ring holds, a power of two from 4096 to 2<sup>30</sup>; several times the longest message is
     *     good
     * @return the sending end
     * @throws IOException if no more descriptors or memory can be had, or the receiver has gone
     */
    public static RingSender offer(Tube<? super RingOffer, ?> tube, int capacity) throws IOException {
        if (!RingLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException("a ring of " + capacity + " bytes; give " + RingLayout.capacities());
        }
        try (SharedMemory memory = SharedMemory.create("ring", HEADER_BYTES + capacity)) {
            // Or the peer could shrink it, and the next access of this JVM to what is gone would fail with SIGBUS.
            memory.addSeals(Seal.SHRINK, Seal.GROW);
            EventFd messages = EventFd.create();
            RingEnd end;
            RingOffer offer;
            try {
                offer = new RingOffer(memory, messages, EventFd.create());
                end = new RingEnd(Role.SENDER, offer, capacity, tube); // has both bells now, also if it fails
            } catch (Throwable t) {
                messages.close();
                throw t;
            }
            try {
                tube.send(offer);
                return new RingSender(end);
            } catch (Throwable t) {
                try (end) {
                    throw t;
                }
            }
        }
    }

    /** {@return bytes of the longest message that the ring takes} */
    public long longestMessage() {
        return end.capacity() - LENGTH_BYTES;
    }

    /**
     * How long at most to look again and again for room before sleeping; 20 µs if nothing is said. That is given up for a while
     * where it is mostly in vain, as where the peer has no other processor to run on.
     *
     * @param time zero to sleep at once
     */
    public void setSpin(Duration time) {
        end.setSpin(time);
    }

    /**
     * How long a send waits for room.
     *
     * @param timeout zero for as long as it takes
     */
    public void setTimeout(Duration timeout) {
        end.setTimeout(timeout);
    }

    /**
     * Sends a message: copies it into the ring, and wakes the receiver if it sleeps. Waits while there is no room; if it comes to
     * sleeping, until half of the ring is free, so that not every message that is read is another wake-up.
     *
     * @param message the bytes, 0 to {@link #longestMessage}
     * @throws PeerGoneException if the receiver has closed its end or, while this waits, has ended; the message was not sent
     * @throws RingException if the receiver breaks the rules of the ring
     * @throws java.net.SocketTimeoutException if there is no room in time; the message was not sent
     * @throws IOException if this end is closed, or the thread is interrupted while it waits
     */
    public void send(MemorySegment message) throws IOException {
        end.checkOpen();
        long length = message.byteSize();
        if (length > longestMessage()) {
            throw new IllegalArgumentException(
                    "a message of " + length + " bytes; this ring takes at most " + longestMessage());
        }
        long written = end.mine();
        long count = RingLayout.bytesOf(length);
        long least = written + count - end.capacity();
        long comfortable = Math.max(least, written - end.capacity() / 2);
        if (end.isPeerClosed() || !end.await(least, comfortable)) {
            throw new PeerGoneException("the receiver has closed its end of the ring");
        }
        end.putLength(written, length);
        end.put(written + LENGTH_BYTES, message);
        end.advance(count);
    }

    /** Closes this end. The receiver finds the end of the messages once it has received all of them. */
    @Override
    public void close() throws IOException {
        end.close();
    }
}
