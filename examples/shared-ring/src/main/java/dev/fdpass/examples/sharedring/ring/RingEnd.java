package dev.fdpass.examples.sharedring.ring;

import static dev.fdpass.examples.sharedring.ring.RingLayout.HEADER_BYTES;

import dev.fdpass.EventFd;
import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import dev.fdpass.examples.sharedring.ring.RingLayout.Role;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import dev.fdpass.tube.Descriptors;
import dev.fdpass.tube.Tube;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;

/**
 * What both ends do: they go ahead, wait for the other, and wake it.
 *
 * <p>Its own position an end keeps for itself, and never reads it back from the memory. What it reads there was written by
 * the peer, and is either within what is possible or a {@link RingException}.
 */
final class RingEnd implements AutoCloseable {
    private static final long AWAKE = 0;
    private static final int LOOKS_BETWEEN_TIMES = 16;

    private final Role role;
    private final Role peer;
    private final Spin spin = new Spin();
    private final Resources resources = new Resources();
    private final VolatileSlice counters;
    private final VolatileSlice bytes;
    private final long capacity;
    private final EventFd bell;
    private final EventFd bellOfPeer;
    private final Tube<?, ?> tube;
    private final Poller<Role> poller;
    private final Registration<Role> tubeInPoller;

    private long mine;
    private long theirs;
    private boolean isPeerGone;
    private boolean isClosed;
    private Duration timeout = Duration.ZERO;

    /**
     * Takes over the bells of the offer, not its memory, which need not stay open.
     *
     * @param capacity bytes of the ring, which the memory has behind its header
     */
    RingEnd(Role role, RingOffer offer, long capacity, Tube<?, ?> tube) throws IOException {
        this.role = role;
        this.peer = role.peer();
        this.capacity = capacity;
        this.tube = tube;
        resources.add(offer.messages());
        resources.add(offer.room());
        bell = role == Role.SENDER ? offer.room() : offer.messages();
        bellOfPeer = role == Role.SENDER ? offer.messages() : offer.room();
        try {
            VolatileSlice all = map(offer.memory());
            counters = all.subSlice(0, HEADER_BYTES);
            bytes = all.subSlice(HEADER_BYTES, capacity);
            poller = resources.add(Poller.open(2));
            poller.register(bell, Interest.READ, role);
            tubeInPoller = poller.register(tube, Interest.READ, peer);
        } catch (Throwable t) {
            resources.closeBecauseOf(t);
            throw t;
        }
    }

    private VolatileSlice map(SharedMemory memory) throws IOException {
        Arena arena = resources.add(Arena.ofShared());
        return VolatileSlice.of(memory.map(arena));
    }

    void setSpin(Duration time) {
        spin.set(time);
    }

    void setTimeout(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a timeout of " + time + "; give zero for none, or more");
        }
        timeout = time;
    }

    long capacity() {
        return capacity;
    }

    void checkOpen() throws ClosedChannelException {
        if (isClosed) {
            throw new ClosedChannelException();
        }
    }

    long mine() {
        return mine;
    }

    long theirs() {
        return theirs;
    }

    boolean isPeerClosed() {
        return counters.getIntVolatile(peer.closed()) != 0;
    }

    // ---- The bytes

    void putLength(long position, long length) {
        bytes.setLongRelease(offset(position), length);
    }

    /** As the peer has written it: to be checked. */
    long length(long position) {
        return bytes.getLongAcquire(offset(position));
    }

    /** Copies a whole segment in, in two parts where the ring ends in between. */
    void put(long position, MemorySegment from) {
        long offset = offset(position);
        long first = Math.min(from.byteSize(), capacity - offset);
        bytes.copyFrom(offset, from, 0, first);
        bytes.copyFrom(0, from, first, from.byteSize() - first);
    }

    /** Copies so many bytes out, which are no more than the capacity. */
    void get(long position, MemorySegment to, long count) {
        long offset = offset(position);
        long first = Math.min(count, capacity - offset);
        bytes.copyTo(offset, to, 0, first);
        bytes.copyTo(0, to, first, count - first);
    }

    private long offset(long position) {
        return position & (capacity - 1);
    }

    // ---- Going ahead

    /** Lets the peer have so many bytes more, and wakes it if it sleeps until then. */
    void advance(long count) throws IOException {
        mine += count;
        counters.setLongVolatile(role.position(), mine);
        // Only now look whether the peer sleeps, and the peer looks at the position only after it has said that it
        // will. Both
        // accesses are volatile, on both sides: so they have one order, and one of the two sees what the other wrote.
        // With
        // release and acquire both could miss it, and the peer would sleep for ever.
        long wakeAt = counters.getLongVolatile(peer.wakeAt());
        if (wakeAt != AWAKE && mine >= wakeAt) {
            wake(wakeAt);
        }
    }

    /** Rings once for each sleep, however many messages come before the sleeper runs. */
    private void wake(long wakeAt) throws IOException {
        if (counters.compareAndSetLong(peer.wakeAt(), wakeAt, AWAKE)) {
            // A bell that takes no more has been rung, and was not heard yet.
            boolean unused = bellOfPeer.tryWrite(1);
        }
    }

    // ---- Waiting

    /**
     * Waits until the peer's position is at least this.
     *
     * @param least what is needed
     * @param comfortable what to sleep for if it comes to that, at least as much
     * @return whether it is there; false if the peer has closed its end before
     */
    boolean await(long least, long comfortable) throws IOException {
        return theirs >= least || look() >= least || spin(least) || sleep(least, comfortable);
    }

    /** Reads the peer's position, once, and believes it only if it can be. */
    private long look() throws RingException {
        long position = counters.getLongVolatile(peer.position());
        long most = role == Role.SENDER ? mine : mine + capacity;
        if (position < theirs || position > most || position % Long.BYTES != 0) {
            throw new RingException("the " + peer + "'s position is " + position + "; it must be a multiple of 8 from "
                    + theirs + ", where it was, to " + most);
        }
        theirs = position;
        return position;
    }

    private boolean spin(long least) throws RingException {
        long time = spin.nanos();
        if (time == 0) {
            return false;
        }
        long begin = System.nanoTime();
        do {
            for (int i = 0; i < LOOKS_BETWEEN_TIMES; i++) {
                Thread.onSpinWait();
                if (look() >= least) {
                    spin.worked();
                    return true;
                }
            }
        } while (System.nanoTime() - begin < time);
        spin.wasInVain();
        return false;
    }

    private boolean sleep(long least, long comfortable) throws IOException {
        long begin = System.nanoTime();
        try {
            while (true) {
                counters.setLongVolatile(role.wakeAt(), comfortable); // first this, then look: see advance
                boolean isPeerClosed = isPeerClosed(); // and after that at the position, which does not change any more
                long position = look();
                if (position >= comfortable) {
                    return true;
                }
                if (isPeerClosed || isPeerGone) {
                    return position >= least || end(isPeerClosed);
                }
                if (!sleepOnce(begin)) {
                    if (look() >= least) {
                        return true;
                    }
                    throw new SocketTimeoutException(
                            "the " + peer + " of the ring lets this end wait for more than " + timeout);
                }
            }
        } finally {
            counters.setLongVolatile(role.wakeAt(), AWAKE);
        }
    }

    private boolean end(boolean isPeerClosed) throws PeerGoneException {
        if (isPeerClosed) {
            return false;
        }
        throw new PeerGoneException("the " + peer + " of the ring has ended without closing it");
    }

    /**
     * Sleeps until the bell rings or the peer has gone, or for no reason.
     *
     * @return false if the time is over
     */
    private boolean sleepOnce(long begin) throws IOException {
        Duration left = timeout;
        if (!timeout.isZero()) {
            left = timeout.minusNanos(System.nanoTime() - begin);
            if (left.isNegative() || left.isZero()) {
                return false;
            }
        }
        poller.await(left);
        bell.tryRead(); // or it would be heard again
        if (tubeInPoller.isReadable()) {
            hearTube();
        }
        return true;
    }

    /** Nothing comes through the tube now but its end. */
    private void hearTube() throws IOException {
        Optional<?> message;
        try {
            message = tube.tryReceive();
        } catch (EOFException e) {
            isPeerGone = true;
            return;
        }
        if (message.isPresent()) {
            Descriptors.closeAll(message.get());
            throw new RingException("the " + peer + " of the ring sent a message through its tube");
        }
    }

    // ---- The end

    /** Says so to the peer. What was written stays there for it. */
    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (resources) {
            counters.setIntVolatile(role.closed(), 1);
            long wakeAt = counters.getLongVolatile(peer.wakeAt());
            if (wakeAt != AWAKE) {
                wake(wakeAt);
            }
        }
    }
}
