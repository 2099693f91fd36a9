package dev.fdpass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of one poller, found by the 64 bits that epoll keeps with each: its place here, and a number that is
 * another one for whoever has that place later. So an event of a registration that has ended, even one that was fetched
 * already, is nobody else's.
 */
final class Slots<A> {
    private final List<@Nullable Registration<A>> all = new ArrayList<>();
    private int[] free = new int[16];
    private int freeCount;
    private int generation;
    private boolean closed;

    /** Makes a registration with data of its own and keeps it; null once this is closed. */
    synchronized @Nullable Registration<A> add(LongFunction<Registration<A>> make, @Nullable Watch ended) {
        release(ended);
        if (closed) {
            return null;
        }
        boolean isNew = freeCount == 0;
        int slot = isNew ? all.size() : free[freeCount - 1];
        generation++;
        Registration<A> registration = make.apply((long) generation << 32 | slot);
        if (isNew) {
            if (slot == free.length) {
                free = Arrays.copyOf(free, 2 * slot); // room for all of them: to release needs no memory
            }
            all.add(registration);
        } else {
            freeCount--;
            all.set(slot, registration);
        }
        return registration;
    }

    /** Forgets those that have ended. */
    synchronized void release(@Nullable Watch ended) {
        for (Watch watch = ended; watch != null; watch = watch.endedBefore) {
            release(watch.data);
        }
    }

    /** Forgets one, if it is still there. */
    synchronized void release(long data) {
        if (get(data) != null) {
            all.set((int) data, null);
            free[freeCount++] = (int) data;
        }
    }

    /** The one that has these data; null if it has ended. Under the lock. */
    @Nullable
    Registration<A> get(long data) {
        int slot = (int) data;
        Registration<A> registration = slot < all.size() ? all.get(slot) : null;
        return registration != null && registration.data() == data ? registration : null;
    }

    /** Takes no more; those that it had. */
    synchronized List<@Nullable Registration<A>> close() {
        closed = true;
        List<@Nullable Registration<A>> had = new ArrayList<>(all);
        all.clear();
        return had;
    }
}
