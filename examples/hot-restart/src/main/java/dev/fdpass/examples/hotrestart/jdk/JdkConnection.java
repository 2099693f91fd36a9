package dev.fdpass.examples.hotrestart.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.examples.hotrestart.http.BadRequestException;
import dev.fdpass.examples.hotrestart.http.Request;
import dev.fdpass.examples.hotrestart.http.RequestReader;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Roster;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection and the thread that serves it.
 *
 * <p>How it leaves while the thread waits for bytes: somebody else makes a duplicate of the descriptor and closes the channel.
 * That wakes the thread and, since the duplicate is there, does nothing to the connection. The read that was under way has
 * either taken bytes, which go along, or not.
 */
final class JdkConnection implements Runnable, Roster.Member {
    private static final int FIRST_CAPACITY = 2048;

    private final SocketChannel channel;
    private final Site site;
    private final Roster roster;
    private final Runnable beforeRead;
    /** Bytes that were read and not answered, from 0 to the position. Of the thread alone. */
    private ByteBuffer unread;

    private boolean isAsked;
    private boolean isReading;
    private @Nullable OwnedFd duplicate;

    /**
     * A connection that is not served yet.
     *
     * @param channel the connection, in blocking mode; belongs to this
     * @param read what was read of it already; copied
     */
    JdkConnection(SocketChannel channel, ByteBuffer read, Site site, Roster roster) {
        this(channel, read, site, roster, () -> {});
    }

    /**
     * The same, for tests.
     *
     * @param beforeRead run when others may take the connection already, and the channel is not asked for bytes yet
     */
    JdkConnection(SocketChannel channel, ByteBuffer read, Site site, Roster roster, Runnable beforeRead) {
        this.beforeRead = beforeRead;
        this.channel = channel;
        this.site = site;
        this.roster = roster;
        unread = ByteBuffer.allocate(Math.max(FIRST_CAPACITY, read.remaining())).put(read.duplicate());
    }

    @Override
    public void run() {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            while (answerAll()) {
                int count = read();
                OwnedFd taken = endReading();
                if (taken != null) {
                    leave(taken);
                    return;
                }
                if (count < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client is gone, or this service is.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
            OwnedFd nobodys = endReading(); // a read that failed just when somebody took the connection
            if (nobodys != null) {
                new Parcel(nobodys, unread).close();
            }
            roster.remove(this);
        }
    }

    /** Answers what is there. Returns whether to read on: then others may take the connection. */
    private boolean answerAll() throws IOException, InterruptedException {
        while (true) {
            if (isAskedToLeave() && leave()) {
                return false;
            }
            Request request;
            unread.flip();
            try {
                request = RequestReader.next(unread);
            } catch (BadRequestException e) {
                writeAll(e.response().toLastBytes(site.pid()));
                return false;
            } finally {
                unread.compact();
            }
            if (request == null) {
                return true;
            }
            Site.Answer answer = site.answer(request);
            if (answer.delay().isPositive()) {
                Thread.sleep(answer.delay());
            }
            writeAll(answer.response().toBytes(site.pid(), request));
            if (!request.isKeptAlive()) {
                return false;
            }
        }
    }

    /** Returns the bytes read; at most 0 if there are none, because of the end or because the channel is closed. */
    private int read() throws IOException {
        if (!unread.hasRemaining()) {
            // Never more than a request has at most: the reader says before that it is too large.
            int capacity = Math.min(Parcel.MAX_UNREAD, 2 * unread.capacity());
            unread = ByteBuffer.allocate(capacity).put(unread.flip());
        }
        if (!beginReading()) {
            return 0;
        }
        beforeRead.run();
        try {
            return channel.read(unread);
        } catch (ClosedChannelException e) {
            return -1; // by whoever takes the connection: while this read was under way, or just before it began
        }
    }

    private synchronized boolean isAskedToLeave() {
        return isAsked;
    }

    private synchronized boolean beginReading() {
        isReading = !isAsked;
        return isReading;
    }

    /** Waits for whoever takes the connection to be done. */
    private synchronized @Nullable OwnedFd endReading() {
        isReading = false;
        OwnedFd taken = duplicate;
        duplicate = null;
        return taken;
    }

    @Override
    public synchronized void askToLeave() throws IOException {
        isAsked = true;
        if (isReading) {
            duplicate = JdkSockets.duplicateOf(channel);
            channel.close();
        }
    }

    @Override
    public synchronized void askToStay() {
        isAsked = false;
    }

    /** Of the thread, between two requests. Returns false if it cannot, and stays. */
    private boolean leave() {
        OwnedFd socket;
        try {
            socket = JdkSockets.duplicateOf(channel);
        } catch (IOException e) {
            Log.say("a connection stays: " + e);
            askToStay();
            return false;
        }
        leave(socket);
        return true;
    }

    private void leave(OwnedFd socket) {
        closeChannel();
        roster.deliver(new Parcel(socket, unread.flip()));
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        closeChannel();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            Log.say("a connection could not be closed: " + e);
        }
    }
}
