package dev.fdpass.examples.sharedring.ring;

import static dev.fdpass.examples.sharedring.ring.RingLayout.HEADER_BYTES;
import static dev.fdpass.examples.sharedring.ring.RingLayout.LENGTH_BYTES;

import dev.fdpass.examples.sharedring.ring.RingLayout.Role;
import dev.fdpass.tube.Descriptors;
import dev.fdpass.tube.Tube;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * The end of a ring that reads.
 *
 * <pre>{@code
 * try (var tube = Tube.over(socket, RingOffer.class, RingOffer.class);
 *         var ring = RingReceiver.accept(tube)) {
 *     MemorySegment message = …;
 *     for (int length = ring.receive(message); length != RingReceiver.END; length = ring.receive(message)) {
 *         …
 *     }
 * }
 * }</pre>
 *
 * <p>For one thread at a time. Interrupting it while it waits ends the use of this end.
 */
public final class RingReceiver implements AutoCloseable {
    /** What {@link #receive} returns when the sender has closed its end and all messages were received: {@value}. */
    public static final int END = -1;

    private final RingEnd end;

    private RingReceiver(RingEnd end) {
        this.end = end;
    }

    /**
     * Receives the memory and bells of a ring through a tube.
     *
     * @param tube to the sender. It stays yours to close, and shows that the sender has ended; as long as the ring is used, nothing
     *     else may come through it
     * @return the receiving end
     * @throws RingException if the memory cannot be a ring
     * @throws IOException as for {@link Tube#receive}
     */
    public static RingReceiver accept(Tube<?, ? extends RingOffer> tube) throws IOException {
        RingOffer offer = tube.receive();
        try (var memory = offer.memory()) {
            long capacity = memory.size() - HEADER_BYTES; // of what is there, not of what somebody says
            if (!RingLayout.isCapacity(capacity)) {
                throw new RingException("the memory has " + memory.size() + " bytes; a ring has " + HEADER_BYTES
                        + " and " + RingLayout.capacities());
            }
            return new RingReceiver(new RingEnd(Role.RECEIVER, offer, capacity, tube));
        } catch (Throwable t) {
            try {
                Descriptors.closeAll(offer);
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    /** {@return bytes of the longest message that the ring takes, less than 2<sup>30</sup>} */
    public long longestMessage() {
        return end.capacity() - LENGTH_BYTES;
    }

    /**
     * How long at most to look again and again for a message before sleeping; 20 µs if nothing is said. That is given up for a while
     * where it is mostly in vain, as where the peer has no other processor to run on.
     *
     * @param time zero to sleep at once
     */
    public void setSpin(Duration time) {
        end.setSpin(time);
    }

    /**
     * How long a receive waits for a message.
     *
     * @param timeout zero for as long as it takes
     */
    public void setTimeout(Duration timeout) {
        end.setTimeout(timeout);
    }

    /**
     * Receives a message: copies it out of the ring, so that the sender cannot change it any more, and wakes the sender if it
     * sleeps until there is room.
     *
     * @param to where to; what is behind the end of the message stays as it is
     * @return bytes of the message, or {@link #END}
     * @throws IllegalArgumentException if there is not enough room; the message can be received again
     * @throws PeerGoneException if the sender has ended without closing its end, and all messages were received
     * @throws RingException if the sender breaks the rules of the ring
     * @throws java.net.SocketTimeoutException if no message comes in time
     * @throws IOException if this end is closed, or the thread is interrupted while it waits
     */
    public int receive(MemorySegment to) throws IOException {
        end.checkOpen();
        long read = end.mine();
        if (!end.await(read + LENGTH_BYTES, read + LENGTH_BYTES)) {
            return END;
        }
        long length = end.length(read); // once: it may be another one the next time
        long most = end.theirs() - read - LENGTH_BYTES;
        if (length < 0 || length > most) {
            throw new RingException("a message of " + length + " bytes, where the sender has written at most " + most);
        }
        if (length > to.byteSize()) {
            throw new IllegalArgumentException(
                    "the next message has " + length + " bytes, and there is room for " + to.byteSize());
        }
        end.get(read + LENGTH_BYTES, to, length);
        end.advance(RingLayout.bytesOf(length));
        return (int) length;
    }

    /** Closes this end. The sender finds that out when it sends. */
    @Override
    public void close() throws IOException {
        end.close();
    }
}
