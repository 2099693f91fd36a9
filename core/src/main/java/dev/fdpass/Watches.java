package dev.fdpass;

import dev.fdpass.linux.Errno;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Where one descriptor is registered with {@link Poller}s. All ends when the descriptor begins to close or is given away,
 * before its number can come to mean another file: epoll keeps a registration as long as the open file description lives
 * anywhere, for instance in the process that it was sent to, and would go on reporting it, and nobody could end that.
 *
 * <p>So a watch that has not ended has its number to itself, whoever holds the lock of this.
 */
final class Watches {
    private final Descriptor descriptor;
    private @Nullable Watch first;

    Watches(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Begins a watch, which is new. */
    synchronized void add(Watch watch) throws IOException {
        // Closing sets the state first and then ends what is here: either it finds this watch, or this finds it closed.
        if (!descriptor.isOpen() || !watch.instance.isOpen()) {
            throw new ClosedChannelException();
        }
        for (Watch other = first; other != null; other = other.next) {
            if (other.instance == watch.instance) {
                throw new IllegalStateException("descriptor " + descriptor.number()
                        + " is registered with this poller already; change the interest of that registration");
            }
            if (!other.instance.isOpen()) {
                unlink(other); // its poller was forgotten
            }
        }
        if (watch.interest != Interest.NONE) {
            checkAdded(watch.instance.add(descriptor.number(), watch.interest.events(), watch.data));
        }
        watch.next = first;
        first = watch;
    }

    private void checkAdded(long result) throws IOException {
        if (Errno.EPERM.is(result)) {
            throw new IllegalArgumentException("descriptor " + descriptor.number()
                    + " cannot be waited for, as files on a disk and directories cannot: they are always ready");
        }
        if (Errno.EEXIST.is(result)) {
            throw new IllegalStateException(
                    "descriptor " + descriptor.number() + " has another owner, who has registered"
                            + " it with this poller already; a number has one owner");
        }
        checkDone(result);
    }

    /** Without making words where none are needed: to change an interest allocates nothing. */
    private void checkDone(long result) throws ErrnoException {
        if (result < 0) {
            throw Errors.of("epoll_ctl " + descriptor.number(), result);
        }
    }

    /** Changes the interest, unless the watch has ended: then false. */
    synchronized boolean change(Watch watch, Interest interest) throws IOException {
        if (watch.ended) {
            return false;
        }
        if (!watch.instance.isOpen()) {
            throw new ClosedChannelException();
        }
        if (watch.interest == interest) {
            return true;
        }
        // A hang-up is reported even to those who want no event, again and again: only what is not there keeps still.
        if (interest == Interest.NONE) {
            watch.instance.remove(descriptor.number());
        } else if (watch.interest == Interest.NONE) {
            checkAdded(watch.instance.add(descriptor.number(), interest.events(), watch.data));
        } else {
            checkDone(watch.instance.change(descriptor.number(), interest.events(), watch.data));
        }
        watch.interest = interest;
        return true;
    }

    synchronized void end(Watch watch) {
        if (!watch.ended) {
            unlink(watch);
            finish(watch);
        }
    }

    synchronized void endAll() {
        for (Watch watch = first; watch != null; watch = watch.next) {
            finish(watch);
        }
        first = null;
    }

    private void finish(Watch watch) {
        watch.ended = true;
        try {
            if (watch.interest != Interest.NONE) {
                watch.instance.remove(descriptor.number());
            }
        } finally {
            watch.instance.noteEnded(watch);
        }
    }

    private void unlink(Watch watch) {
        if (first == watch) {
            first = watch.next;
            return;
        }
        for (Watch each = first; each != null; each = each.next) {
            if (each.next == watch) {
                each.next = watch.next;
                return;
            }
        }
    }
}
