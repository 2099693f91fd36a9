package dev.fdpass;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time do what must not be done by two. See {@link Descriptor#takeTurn}.
 */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Waits for a turn; {@link #end} must follow if it comes.
     *
     * @param timeout {@link Exchange#TRY} not to wait
     * @param deadline of {@link System#nanoTime()}, or {@link Descriptor#NEVER}
     * @return whether it came in time
     * @throws InterruptedException if this thread was interrupted meanwhile
     */
    boolean begin(long timeout, long deadline) throws InterruptedException {
        if (lock.tryLock()) {
            return true;
        }
        if (timeout == Exchange.TRY) {
            return false;
        }
        if (deadline == Descriptor.NEVER) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    void end() {
        lock.unlock();
    }
}
