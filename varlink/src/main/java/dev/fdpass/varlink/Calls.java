package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.internal.Timeouts;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.varlink.CallMessage.Mode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The calls of a {@link VarlinkClient}: one after the other, each until it is answered. */
final class Calls implements Closeable {
    private final FramedChannel channel;
    /** Held for a call and its reply. */
    private final ReentrantLock turn = new ReentrantLock();
    /** Whether a call with more is being answered; written by whose turn it is. */
    private volatile boolean isStreaming;

    private volatile Duration requestTimeout = Duration.ZERO;

    Calls(FramedChannel channel) {
        this.channel = channel;
    }

    FramedChannel channel() {
        return channel;
    }

    void setRequestTimeout(Duration timeout) {
        requestTimeout = Timeouts.check(timeout);
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    /** What to do behind a call, as long as no other one may be made. */
    interface Then<T> {
        T run(Deadline deadline) throws IOException;
    }

    /** Calls a method. */
    <T> T call(String method, Object parameters, AsFd[] fds, Mode mode, Then<T> then) throws IOException {
        return call(requestTimeout, method, parameters, fds, mode, then);
    }

    /** Calls a method; what is behind it has what is left of the time. */
    <T> T call(Duration timeout, String method, Object parameters, AsFd[] fds, Mode mode, Then<T> then)
            throws IOException {
        Deadline deadline = Deadline.in(timeout);
        SentFds sent = new SentFds(fds);
        byte[] bytes = bytes(method, parameters, sent, mode);
        begin(deadline);
        try {
            send(bytes, sent, deadline);
            return then.run(deadline);
        } finally {
            turn.unlock();
        }
    }

    private static byte[] bytes(String method, Object parameters, SentFds fds, Mode mode) {
        int dot = method.lastIndexOf('.');
        if (dot <= 0 || dot == method.length() - 1) {
            throw new IllegalArgumentException(
                    "the method \"" + method + "\"; give its name with its interface, such as org.example.files.Open");
        }
        ObjectNode object = Json.toObject(parameters, fds);
        return new CallMessage(method, object, mode).bytes();
    }

    /** Waits for this thread's turn; the lock is to be given back. */
    private void begin(Deadline deadline) throws IOException {
        checkNotStreaming(); // before, since a thread that waits for the next reply has its turn meanwhile
        try {
            if (!turn.tryLock(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("another thread's call took longer than " + deadline.timeout());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure =
                    new InterruptedIOException("interrupted before the call was sent; nothing of it was");
            failure.initCause(e);
            throw failure;
        }
        boolean isRefused = true;
        try {
            checkNotStreaming();
            isRefused = false;
        } finally {
            if (isRefused) {
                turn.unlock();
            }
        }
    }

    private void checkNotStreaming() {
        if (isStreaming && channel.isOpen()) { // else sending says that it is closed
            throw new IllegalStateException(
                    "a call with more is being answered on this connection: read its replies to the"
                            + " end, or close them, or connect once more");
        }
    }

    private void send(byte[] bytes, SentFds fds, Deadline deadline) throws IOException {
        boolean isFailed = true;
        try {
            channel.setSendTimeout(deadline.left());
            channel.send(ByteBuffer.wrap(bytes), fds.toArray());
            isFailed = false;
        } catch (IllegalArgumentException e) {
            isFailed = false; // nothing was sent
            throw e;
        } finally {
            if (isFailed) {
                close();
            }
        }
    }

    /** Waits for a reply; the turn is this thread's. */
    Reply receive(boolean isMore, Deadline deadline) throws IOException {
        boolean isFailed = true;
        try {
            Frame frame = receive(deadline);
            IndexedFds fds = IndexedFds.of(frame);
            try {
                ReplyMessage message = read(frame);
                if (message.continues() && !isMore) {
                    throw new ProtocolException("a reply says that another one continues it, and none was asked for");
                }
                isFailed = false;
                if (!message.error().isEmpty()) {
                    throw VarlinkException.of(message);
                }
                Reply reply = new Reply(message.parameters(), message.continues(), fds);
                fds = null;
                return reply;
            } finally {
                if (fds != null) {
                    fds.close();
                }
            }
        } finally {
            if (isFailed) {
                close();
            }
        }
    }

    private Frame receive(Deadline deadline) throws IOException {
        channel.setReceiveTimeout(deadline.left());
        try {
            return channel.receive();
        } catch (SocketTimeoutException e) {
            SocketTimeoutException failure = new SocketTimeoutException("no reply within " + deadline.timeout());
            failure.initCause(e);
            throw failure;
        }
    }

    private static ReplyMessage read(Frame frame) throws IOException {
        if (frame.isEndOfStream()) {
            throw new EOFException("the service closed the connection before it replied");
        }
        return ReplyMessage.read(frame.data().array());
    }

    /** The replies to a call with more; the turn is this thread's. */
    Replies<Reply> receiveMany() {
        isStreaming = true;
        return Replies.from(new ReplySource());
    }

    /** The replies to a call with more. */
    private final class ReplySource implements Replies.Source<Reply> {
        private boolean isEnded;

        @Override
        public Optional<Reply> next() throws IOException {
            if (isEnded) {
                return Optional.empty();
            }
            Deadline deadline = Deadline.in(requestTimeout);
            turn.lock();
            try {
                boolean continues = false;
                try {
                    Reply reply = receive(true, deadline);
                    continues = reply.continues();
                    return Optional.of(reply);
                } finally {
                    if (!continues) {
                        isEnded = true;
                        isStreaming = false;
                    }
                }
            } finally {
                turn.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            if (!isEnded) {
                isEnded = true;
                Calls.this.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
