package dev.fdpass;

import org.jspecify.annotations.Nullable;

/** One descriptor in one epoll instance. Changed under the lock of the {@link Watches} that it is one of. */
final class Watch {
    final EpollInstance instance;
    /** Comes back with its events, and never means another one. */
    final long data;

    volatile Interest interest;
    volatile boolean ended;

    /** Another one of the same descriptor. */
    @Nullable
    Watch next;

    /** Another one of the same instance that has ended. */
    @Nullable
    Watch endedBefore;

    Watch(EpollInstance instance, long data, Interest interest) {
        this.instance = instance;
        this.data = data;
        this.interest = interest;
    }
}
