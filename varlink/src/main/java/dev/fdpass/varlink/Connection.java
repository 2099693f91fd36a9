package dev.fdpass.varlink;

import dev.fdpass.UnixStream;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.json.IndexedFds;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection of a service: its calls are answered one after the other, on one thread. */
final class Connection implements Closeable {
    private static final System.Logger LOGGER = System.getLogger("dev.fdpass.varlink");

    private final VarlinkService service;
    private final FramedChannel channel;

    private final Ahead ahead;

    /** Whether the client has gone, or is to be left, while it is answered. */
    private volatile boolean isGone;

    private final Object lock = new Object();
    /** The thread that answers, and is to be told if nobody waits for that any more; else null. */
    private @Nullable Thread answering;
    /** Whether it was. */
    private boolean isTold;

    Connection(VarlinkService service, UnixStream socket) {
        this.service = service;
        channel = FramedChannel.over(socket, Framing.nulTerminated(), service.frameLimits());
        channel.setSendTimeout(service.sendTimeout());
        ahead = new Ahead(channel, this::tell);
    }

    /** Answers until the end of the connection, which is then closed. */
    void serve() throws IOException {
        try (this) {
            while (true) {
                Frame frame = ahead.next();
                try (IndexedFds fds = IndexedFds.of(frame)) {
                    if (frame.isEndOfStream()) {
                        return;
                    }
                    CallMessage message = CallMessage.read(frame.data().array());
                    VarlinkCall call = new VarlinkCall(channel, message, fds);
                    answer(call);
                    if (call.isUpgraded()) {
                        return;
                    }
                }
            }
        } finally {
            ahead.drop();
        }
    }

    private void answer(VarlinkCall call) throws IOException {
        synchronized (lock) {
            answering = Thread.currentThread();
        }
        try {
            if (call.wantsMore()) {
                ahead.look(); // it may be waiting for something else when the client goes
            }
            run(call);
            if (call.isUnsent()) {
                throw new IOException("a reply could not be sent, and the client would wait for it");
            }
            if (!call.isAnswered() && !call.isOneway()) {
                throw new IllegalStateException("the handler of " + call.method() + " has not replied");
            }
        } catch (Throwable t) { // an Error, too: a stack that overflowed is no fault of those who call next
            if (call.isUnsent() || !channel.isOpen() || isGone) {
                if (t instanceof Error) {
                    log(call, t);
                }
                throw t instanceof IOException io ? io : new IOException(t);
            }
            if (call.isAnswered()) {
                log(call, t); // the client has its answer, and does not care
            } else {
                fail(call, t instanceof VarlinkException error ? error : internal(call, t));
            }
        } finally {
            ahead.stop();
            stopBeingTold();
        }
    }

    private void run(VarlinkCall call) throws Exception {
        try {
            call.run(service.handler(call.method()));
        } finally {
            // An interrupt was for the handler, and would close the connection in what follows.
            boolean unused = Thread.interrupted();
        }
    }

    /** Answers that it failed; without parameters if they are too large for a message, such as a name that a stranger gave. */
    private static void fail(VarlinkCall call, VarlinkException error) throws IOException {
        try {
            call.error(error.error(), error.parameters());
        } catch (IllegalArgumentException e) {
            failWithoutParameters(call, error.error());
        }
    }

    private static void failWithoutParameters(VarlinkCall call, String error) throws IOException {
        try {
            call.error(error, Map.of());
        } catch (IllegalArgumentException e) {
            throw new IOException("an error could not be answered: " + e.getMessage(), e);
        }
    }

    private static VarlinkException internal(VarlinkCall call, Throwable t) {
        log(call, t);
        return new VarlinkException(VarlinkException.INTERNAL_ERROR);
    }

    private static void log(VarlinkCall call, Throwable t) {
        LOGGER.log(System.Logger.Level.WARNING, () -> "a call of " + call.method() + " failed", t);
    }

    private void tell() {
        isGone = true;
        synchronized (lock) {
            if (answering != null) {
                answering.interrupt();
                isTold = true;
            }
        }
    }

    private void stopBeingTold() {
        synchronized (lock) {
            answering = null;
            if (isTold) {
                isTold = false;
                boolean unused = Thread.interrupted();
            }
        }
    }

    /** Wakes the thread that answers, and closes the connection. */
    @Override
    public void close() throws IOException {
        tell();
        channel.close();
    }
}
