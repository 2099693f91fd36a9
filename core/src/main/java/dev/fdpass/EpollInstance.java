package dev.fdpass;

import dev.fdpass.linux.Epoll;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The epoll instance of a {@link Poller}, guarded so that its number is not closed, and reused, under someone's hands.
 *
 * <p>Knows neither the poller nor what its user attached: descriptors refer to this for as long as they are registered,
 * and the cleaner must be able to find them forgotten.
 */
final class EpollInstance {
    private final Epoll epoll;
    private final Descriptor descriptor;
    private final AtomicReference<@Nullable Watch> ended = new AtomicReference<>();

    EpollInstance(Epoll epoll, Descriptor descriptor) {
        this.epoll = epoll;
        this.descriptor = descriptor;
    }

    boolean isOpen() {
        return descriptor.isOpen();
    }

    /** As {@link Epoll#add}; the number must be open until this returns. */
    long add(int number, int events, long data) throws ClosedChannelException {
        descriptor.acquire();
        try {
            return epoll.add(number, events, data);
        } finally {
            descriptor.release();
        }
    }

    /** As {@link Epoll#change}; the number must be open until this returns. */
    long change(int number, int events, long data) throws ClosedChannelException {
        descriptor.acquire();
        try {
            return epoll.change(number, events, data);
        } finally {
            descriptor.release();
        }
    }

    /** As {@link Epoll#remove}; the number must be open until this returns. An instance that is closed has no registrations. */
    void remove(int number) {
        if (!descriptor.tryAcquire()) {
            return;
        }
        try {
            epoll.remove(number);
        } finally {
            descriptor.release();
        }
    }

    /** Notes, without a lock or memory, that the poller may forget this one. */
    void noteEnded(Watch watch) {
        Watch before;
        do {
            before = ended.get();
            watch.endedBefore = before;
        } while (!ended.compareAndSet(before, watch));
    }

    /** The last one noted, from which {@link Watch#endedBefore} leads to the others. */
    @Nullable
    Watch takeEnded() {
        return ended.get() == null ? null : ended.getAndSet(null);
    }
}
