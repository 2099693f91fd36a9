package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.POLLERR;
import static dev.fdpass.linux.SocketConstants.POLLHUP;
import static dev.fdpass.linux.SocketConstants.POLLIN;
import static dev.fdpass.linux.SocketConstants.POLLOUT;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/**
 * A descriptor that a {@link Poller} waits for. It ends with {@link #cancel}, when the descriptor is closed or given away,
 * and with the poller.
 *
 * <p>Any thread may change the interest or cancel. What is ready is for the thread that awaited: it is what the last
 * {@link Poller#await() await} found, and nothing on a registration that it did not report.
 *
 * @param <A> the type of what is attached
 */
public final class Registration<A> {
    private final AsFd fd;
    private final A attachment;
    private final Watches watches;
    private final Watch watch;
    private int ready;

    Registration(AsFd fd, A attachment, Watches watches, Watch watch) {
        this.fd = fd;
        this.attachment = attachment;
        this.watches = watches;
        this.watch = watch;
    }

    /** {@return what was attached} */
    public A attachment() {
        return attachment;
    }

    /** {@return what was registered} */
    public AsFd fd() {
        return fd;
    }

    /** {@return what it waits for} */
    public Interest interest() {
        return watch.interest;
    }

    /**
     * Changes what it waits for, also for a thread that is awaiting already.
     *
     * @param interest from now on
     * @throws IllegalStateException if this was cancelled
     * @throws IllegalArgumentException if the descriptor cannot be waited for, and was registered with {@link Interest#NONE}
     * @throws ClosedChannelException if the descriptor or the poller is closed
     * @throws IOException if the system refuses ({@code ENOMEM}, {@code ENOSPC})
     */
    public void setInterest(Interest interest) throws IOException {
        if (watches.change(watch, Objects.requireNonNull(interest, "interest"))) {
            return;
        }
        if (!fd.asFd().isOpen() || !watch.instance.isOpen()) {
            throw new ClosedChannelException();
        }
        throw new IllegalStateException("the registration of " + fd + " was cancelled; register it again");
    }

    /**
     * Whether receiving, accepting or reading does not wait now: something is there, or the end, or an error that an
     * attempt will tell.
     *
     * @return false also if {@link #interest} did not ask for it, or this has ended meanwhile
     */
    public boolean isReadable() {
        return has(POLLIN);
    }

    /**
     * Whether sending or writing does not wait now: there is room, or an error that an attempt will tell. A
     * {@link UnixDatagram} that is not connected is always writable.
     *
     * @return false also if {@link #interest} did not ask for it, or this has ended meanwhile
     */
    public boolean isWritable() {
        return has(POLLOUT);
    }

    /**
     * Whether the other end is gone ({@code EPOLLHUP}); what it sent can still be received. One that has only shut down its
     * output shows as readable, for the end of the stream.
     *
     * @return whether it is gone
     */
    public boolean isHangUp() {
        return has(POLLHUP);
    }

    /** {@return whether there is an error, such as a connection that was reset ({@code EPOLLERR})} */
    public boolean isError() {
        return has(POLLERR);
    }

    private boolean has(int event) {
        return (ready & event) != 0 && !watch.ended;
    }

    /** {@return whether this has not ended} */
    public boolean isValid() {
        return !watch.ended && watch.instance.isOpen();
    }

    /** Ends this registration; the descriptor stays open and yours. Further calls do nothing. */
    public void cancel() {
        watches.end(watch);
    }

    /** The descriptor and the interest. */
    @Override
    public String toString() {
        return "Registration[" + fd + ", " + (isValid() ? watch.interest : "ended") + "]";
    }

    // ---- For the poller

    void begin() throws IOException {
        watches.add(watch);
    }

    long data() {
        return watch.data;
    }

    /** Notes what epoll reported; false if nobody wants to know. */
    boolean report(int events) {
        int wanted = watch.interest.events();
        if (wanted == 0 || watch.ended) {
            return false;
        }
        // Whoever waits to send finds out about an error or a hang-up by sending, who waits to receive by receiving.
        int ended = events & (POLLERR | POLLHUP);
        ready = ended != 0 ? wanted | ended : events & wanted;
        return ready != 0;
    }

    void forgetReport() {
        ready = 0;
    }
}
