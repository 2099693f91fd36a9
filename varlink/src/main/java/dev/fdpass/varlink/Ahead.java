package dev.fdpass.varlink;

import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a connection. While many replies to one are sent, a thread of its own goes on receiving, above all to hear that the
 * client has gone: it may have sent further calls before. These wait here, and so they are limited.
 */
final class Ahead {
    /** Calls that may wait. */
    private static final int MOST_CALLS = 64;
    /** How often to look whether a client that one does not receive from has gone. */
    private static final int HANG_UP_MILLIS = 200;

    private final FramedChannel channel;
    private final Runnable whenGone;

    private final Queue<Frame> frames = new ArrayDeque<>();
    private long bytes;
    private int fds;
    /** Whether to go on receiving. */
    private boolean isLooking;
    /** Whether a thread is receiving. */
    private boolean isRunning;

    private @Nullable IOException failure;
    private boolean isDropped;

    Ahead(FramedChannel channel, Runnable whenGone) {
        this.channel = channel;
        this.whenGone = whenGone;
    }

    /**
     * Begins to receive whatever comes.
     *
     * @throws IOException if receiving has failed meanwhile, which nobody will be told again
     */
    synchronized void look() throws IOException {
        if (failure != null) {
            throw failure;
        }
        isLooking = true;
        if (!isRunning) {
            isRunning = true;
            try {
                Thread unused = Thread.ofVirtual().name("varlink-ahead").start(this::receive);
            } catch (Throwable t) {
                isRunning = false; // for lack of memory
                throw t;
            }
        }
    }

    /** Ends that: but for the next one, which the thread may be waiting for. */
    synchronized void stop() {
        isLooking = false;
    }

    /** Waits for the next one, or the end. */
    Frame next() throws IOException {
        synchronized (this) {
            await();
            Frame frame = frames.poll();
            if (frame != null) {
                bytes -= Math.max(0, frame.bytes());
                fds -= frame.fdCount();
                return frame;
            }
            if (failure != null) {
                throw failure;
            }
        }
        return channel.receive();
    }

    /** Waits until there is one, or nobody receives. */
    private synchronized void await() throws IOException {
        try {
            while (frames.isEmpty() && isRunning) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            ClosedByInterruptException closed = new ClosedByInterruptException();
            closed.initCause(e);
            throw closed;
        }
    }

    private void receive() {
        boolean isMore = true;
        while (isMore) {
            try {
                isMore = add(channel.receive());
            } catch (IOException e) {
                isMore = false;
                fail(e);
            } catch (Throwable t) {
                isMore = false;
                fail(new IOException("receiving failed", t));
            }
        }
    }

    /** Whether to receive another one. */
    private boolean add(Frame frame) throws IOException {
        boolean isLast = frame.isEndOfStream() || isUpgrade(frame);
        synchronized (this) {
            if (isDropped) {
                frame.closeAside();
                isRunning = false;
                return false;
            }
            frames.add(frame);
            bytes += Math.max(0, frame.bytes());
            fds += frame.fdCount();
            checkLimits();
            isRunning = isLooking && !isLast;
            notifyAll();
            if (!isLast) {
                return isRunning;
            }
        }
        awaitHangUp();
        return false;
    }

    /** What is behind such a call may be of another protocol. */
    private static boolean isUpgrade(Frame frame) {
        try {
            return CallMessage.read(frame.data().array()).mode() == CallMessage.Mode.UPGRADE;
        } catch (ProtocolException e) {
            return false; // which is found again when its turn comes
        }
    }

    /** Nothing is to be received, and yet: who has only shut down its output still wants the replies. */
    private void awaitHangUp() {
        try (Poller<Ahead> poller = Poller.open(1)) {
            Registration<Ahead> registration = poller.register(channel, Interest.READ, this);
            while (isLooking()) {
                if (poller.tryAwait() > 0 && registration.isHangUp()) {
                    tellThatItIsGone();
                    return;
                }
                Thread.sleep(HANG_UP_MILLIS); // it is readable all the time, for the end or for what is behind
            }
        } catch (IOException e) {
            tellThatItIsGone(); // as far as one can know
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    /** Not if the connection is another protocol's meanwhile, and the channel closed for that reason. */
    private void tellThatItIsGone() {
        if (isLooking()) {
            whenGone.run();
        }
    }

    private synchronized boolean isLooking() {
        return isLooking && !isDropped;
    }

    private void checkLimits() throws ProtocolException {
        FrameLimits limits = channel.limits();
        if (frames.size() > MOST_CALLS || bytes > limits.maxBytes() || fds > limits.maxPendingFds()) {
            throw new ProtocolException(frames.size() + " calls of " + bytes + " bytes with " + fds
                    + " descriptors came behind one that is being answered with many replies; the limit is "
                    + MOST_CALLS
                    + " calls, " + limits.maxBytes() + " bytes and " + limits.maxPendingFds() + " descriptors");
        }
    }

    private void fail(IOException e) {
        synchronized (this) {
            failure = e;
            isRunning = false;
            dropAll();
            notifyAll();
        }
        channel.asFd().closeAside(); // now, whatever the thread that answers is doing; nobody is waited for
        whenGone.run();
    }

    /** Nobody will take what is here or comes. */
    synchronized void drop() {
        isDropped = true;
        dropAll();
    }

    private void dropAll() {
        for (Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
            frame.closeAside();
        }
    }
}
