package dev.fdpass.bench.run;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs turns: on the calling thread and, for works of two, on a second one that is the same for every contender. */
final class Threads implements AutoCloseable {
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Thread second = new Thread(this::serve, "bench-second");
    private volatile Lane.@Nullable End task;
    private volatile @Nullable Thread main;
    private volatile boolean ready;
    private volatile boolean ending;
    private volatile boolean done;
    private volatile @Nullable Throwable failure;
    private int operations;
    private long endNanos;
    private long bytes;

    Threads() {
        second.setDaemon(true);
    }

    void start() {
        second.start();
    }

    /** One turn: so many operations. */
    Turn run(Lane lane, int count) throws IOException {
        Lane.End near = lane.near();
        Lane.End far = lane.far();
        if (far != null) {
            main = Thread.currentThread();
            operations = count;
            ready = false;
            done = false;
            task = far;
            LockSupport.unpark(second);
            while (!ready) {
                Thread.onSpinWait();
            }
        }
        long bytesBefore = BEAN.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        near.run(count);
        long end = System.nanoTime();
        long allocated = BEAN.getCurrentThreadAllocatedBytes() - bytesBefore;
        if (far != null) {
            while (!done) {
                LockSupport.park(this);
            }
            if (failure != null) {
                throw new IllegalStateException("the second thread failed", failure);
            }
            end = Math.max(end, endNanos);
            allocated += bytes;
        }
        long own = lane.ownNanos();
        return new Turn(own >= 0 ? own : end - start, lane.isInThisProcess() ? allocated : -1);
    }

    private void serve() {
        while (!ending) {
            Lane.End end = task;
            if (end == null) {
                LockSupport.park(this);
                continue;
            }
            task = null;
            try {
                ready = true;
                long before = BEAN.getCurrentThreadAllocatedBytes();
                end.run(operations);
                endNanos = System.nanoTime();
                bytes = BEAN.getCurrentThreadAllocatedBytes() - before;
            } catch (Throwable t) {
                failure = t;
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
