package dev.fdpass.cli.hold;

import dev.fdpass.Credentials;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Ending;
import dev.fdpass.cli.Failures;
import dev.fdpass.cli.SameUser;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for {@link Requests}, one to a connection. Only for processes of the same user, and root's; others are told so. No
 * failure ends it, or what is held would be lost.
 */
final class HoldServer implements Closeable {
    /** Nobody holds a connection, and the descriptors that may be in it, for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long to wait for a free number, or whatever else the system had none of. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final UnixSeqpacketListener listener;
    private final Requests requests;
    private final Semaphore room = new Semaphore(16);
    /** Of their own, so that they keep nobody else waiting. */
    private final Semaphore roomForStrangers = new Semaphore(4);

    private HoldServer(UnixSeqpacketListener listener, Requests requests) {
        this.listener = listener;
        this.requests = requests;
    }

    /** Listens there until the process ends; the file of one that was killed does not stand in the way. */
    static HoldServer bind(UnixAddress address, Store store) throws IOException {
        return new HoldServer(listen(address), new Requests(store));
    }

    private static UnixSeqpacketListener listen(UnixAddress address) throws IOException {
        try {
            return Ending.opens(() -> UnixSeqpacketListener.bind(address));
        } catch (BindException e) {
            if (!address.removeStaleFile()) { // for which it may have to wait: not while something is being opened
                throw e;
            }
            return Ending.opens(() -> UnixSeqpacketListener.bind(address));
        }
    }

    /** Serves until it is closed. */
    void serve() {
        boolean isTold = false;
        while (true) {
            try {
                admit(listener.accept());
                isTold = false;
            } catch (ClosedChannelException e) {
                return;
            } catch (Throwable t) { // without descriptors or memory classes cannot be loaded either; others come later
                isTold = isTold || tell(t);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Whether it could be told: that may need descriptors, too. */
    private static boolean tell(Throwable reason) {
        try {
            Failures.tell("no connection can be accepted for now: " + reason.getMessage());
            return true;
        } catch (Throwable t) {
            return false;
        }
    }

    private void admit(UnixSeqpacket connection) throws IOException {
        try {
            Credentials peer = connection.peer().credentials();
            if (SameUser.is(peer)) {
                room.acquireUninterruptibly();
                attend(connection, room, () -> serve(connection));
            } else if (roomForStrangers.tryAcquire()) {
                attend(connection, roomForStrangers, () -> refuse(connection, peer));
            } else {
                connection.asFd().closeAside(); // which may wait for what a stranger has left in it
            }
        } catch (Throwable t) {
            Closing.because(t, List.of(connection));
            throw t;
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    /** On a thread of the system: to close some files takes long, and may hold it. */
    private static void attend(UnixSeqpacket connection, Semaphore room, Action action) throws IOException {
        boolean isStarted = false;
        try {
            Thread.ofPlatform().daemon().name("hold").start(() -> {
                try (connection) {
                    action.run();
                } catch (IOException e) {
                    // Nothing came, or the answer is not taken: nobody is there to be told.
                } finally {
                    room.release();
                }
            });
            isStarted = true;
        } catch (OutOfMemoryError e) { // so the JDK says that pthread_create(3) failed
            throw new IOException("no thread can be started", e);
        } finally {
            if (!isStarted) {
                room.release();
            }
        }
    }

    private void serve(UnixSeqpacket connection) throws IOException {
        connection.setReceiveTimeout(PATIENCE);
        connection.setSendTimeout(PATIENCE);
        try (Received request = connection.receive(Answer.LONGEST, ScmMessage.SCM_MAX_FDS)) {
            if (!request.isEndOfStream()) {
                requests.answer(request, connection);
            }
        }
    }

    /** Takes what it sends first: to close on unread data would be a reset, and the reason lost. */
    private static void refuse(UnixSeqpacket connection, Credentials peer) throws IOException {
        connection.setReceiveTimeout(PATIENCE);
        connection.setSendTimeout(PATIENCE);
        try (Received _ = connection.receive(1, 0)) {
            Answer.sendError(connection, "descriptors of user " + SameUser.own() + " are not for user " + peer.uid());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
