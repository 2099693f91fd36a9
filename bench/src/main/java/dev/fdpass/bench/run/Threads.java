package dev.fdpass.bench.run;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs turns: on the calling thread and, for works of two, on a second one that is the same for every contender. If one of
 * the two fails, the lane is stopped, since the other would wait for it for ever.
 */
public final class Threads implements AutoCloseable {
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Thread second = new Thread(this::serve, "bench-second");
    private final AtomicReference<@Nullable Throwable> failure =
            new AtomicReference<>(); // the first; others follow from it
    private volatile @Nullable Lane task;
    private volatile @Nullable Thread main;
    private volatile boolean ready;
    private volatile boolean ending;
    private volatile boolean done;
    private int operations;
    private long endNanos;
    private long bytes;

    /** The second thread is not there before {@link #start}. */
    public Threads() {
        second.setDaemon(true);
    }

    /** Starts the second thread. */
    public void start() {
        second.start();
    }

    /** One turn: so many operations. */
    Turn run(Lane lane, int count) throws IOException {
        Lane.End near = lane.near();
        boolean isForTwo = lane.far() != null;
        if (isForTwo) {
            main = Thread.currentThread();
            operations = count;
            failure.set(null);
            ready = false;
            done = false;
            task = lane;
            LockSupport.unpark(second);
            while (!ready) {
                Thread.onSpinWait();
            }
        }
        long bytesBefore = BEAN.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            near.run(count);
        } catch (Throwable t) {
            if (!isForTwo) {
                throw t;
            }
            fail(lane, t);
        }
        long end = System.nanoTime();
        long allocated = BEAN.getCurrentThreadAllocatedBytes() - bytesBefore;
        if (isForTwo) {
            while (!done) {
                LockSupport.park(this);
            }
            Throwable first = failure.get();
            if (first != null) {
                throw new IOException("one of the two threads failed", first);
            }
            end = Math.max(end, endNanos);
            allocated += bytes;
        }
        long own = lane.ownNanos();
        return new Turn(own >= 0 ? own : end - start, lane.isInThisProcess() ? allocated : -1);
    }

    private void fail(Lane lane, Throwable cause) {
        if (!failure.compareAndSet(null, cause)) {
            return;
        }
        try {
            lane.stop();
        } catch (Throwable t) {
            cause.addSuppressed(t);
        }
    }

    private void serve() {
        while (!ending) {
            Lane lane = task;
            if (lane == null) {
                LockSupport.park(this);
                continue;
            }
            task = null;
            try {
                Lane.End end = Objects.requireNonNull(lane.far());
                ready = true;
                long before = BEAN.getCurrentThreadAllocatedBytes();
                end.run(operations);
                endNanos = System.nanoTime();
                bytes = BEAN.getCurrentThreadAllocatedBytes() - before;
            } catch (Throwable t) {
                ready = true;
                fail(lane, t);
            }
            done = true;
            LockSupport.unpark(main);
        }
    }

    @Override
    public void close() {
        ending = true;
        LockSupport.unpark(second);
    }
}
