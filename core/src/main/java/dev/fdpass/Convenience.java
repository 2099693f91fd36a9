package dev.fdpass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The convenient door: one call, one message, on a native message that is borrowed for it. */
final class Convenience {
    private Convenience() {}

    /** Sends; empty if nothing went, which only {@link Exchange#TRY} allows. */
    static OptionalInt send(Exchange exchange, @Nullable UnixAddress to, Buffers buffers, AsFd[] fds, long timeout)
            throws IOException {
        NativeMessage.checkFds(fds.length);
        NativeMessage message = MessagePool.take(buffers.heapBytes());
        try {
            buffers.addTo(message);
            for (AsFd fd : fds) {
                message.addFd(fd.asFd());
            }
            if (message.totalBytes() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        message.totalBytes() + " bytes in one send; give at most " + Integer.MAX_VALUE);
            }
            if (to != null) {
                message.to(to);
            }
            if (exchange.send(message, timeout)) {
                return OptionalInt.of((int) message.totalBytes());
            }
            return message.sentBytes() == 0 ? OptionalInt.empty() : OptionalInt.of((int) message.sentBytes());
        } finally {
            MessagePool.give(message);
        }
    }

    /** Receives into a new buffer; null if nothing came, which only {@link Exchange#TRY} allows. */
    static @Nullable Received receive(Exchange exchange, int maxBytes, int maxFds, long timeout) throws IOException {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("at most " + maxBytes + " bytes; give 0 or more");
        }
        NativeMessage.checkFds(maxFds);
        NativeMessage message = MessagePool.take(maxBytes);
        try {
            message.limit(maxBytes, maxFds);
            if (exchange.receive(message, timeout) == Exchange.NOTHING_YET) {
                return null;
            }
            ByteBuffer data = ByteBuffer.allocate(Math.max(0, message.bytes()));
            data.put(message.payload()).flip();
            return new Received(message, data);
        } finally {
            MessagePool.give(message); // closes what was not handed over
        }
    }

    /** Receives into buffers of the caller. */
    static Received receive(Exchange exchange, Buffers buffers, int maxFds, long timeout) throws IOException {
        NativeMessage.checkFds(maxFds);
        NativeMessage message = fill(exchange, buffers, maxFds, timeout);
        try {
            return new Received(message, ByteBuffer.allocate(0));
        } finally {
            MessagePool.give(message);
        }
    }

    /**
     * Receives into buffers of the caller and closes every descriptor that came: a channel that reads bytes has nobody
     * to give them to, and a plain {@code read(2)} would have dropped them unseen.
     *
     * @param unexpected told how many came
     * @return bytes, -1 at the end
     */
    static int read(Exchange exchange, Buffers buffers, long timeout, UnexpectedFds.Counter unexpected)
            throws IOException {
        NativeMessage message = fill(exchange, buffers, ScmMessage.SCM_MAX_FDS, timeout);
        int bytes = message.bytes();
        int fds = message.held().count();
        boolean more = message.isControlTruncated(); // some did not even arrive
        try {
            message.held().closeAside();
        } finally {
            MessagePool.give(message);
        }
        if (fds > 0 || more) {
            unexpected.closed(fds, bytes);
        }
        return bytes;
    }

    private static NativeMessage fill(Exchange exchange, Buffers buffers, int maxFds, long timeout) throws IOException {
        NativeMessage message = MessagePool.take(buffers.heapBytes());
        try {
            buffers.addTo(message);
            message.limit(Integer.MAX_VALUE, maxFds);
            exchange.receive(message, timeout);
            return message;
        } catch (Throwable t) {
            try {
                message.held().closeAside();
            } finally {
                MessagePool.give(message);
            }
            throw t;
        }
    }
}
