package dev.fdpass.faults;

import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;

/** The thread whose system calls are tampered with. It does nothing but the operations of scenarios. */
final class Worker {
    /** How an operation ended. */
    record End(Object result, Throwable failure) {}

    private final SynchronousQueue<Callable<?>> operations = new SynchronousQueue<>();
    private final SynchronousQueue<Object> answers = new SynchronousQueue<>();
    private final Thread thread;

    /** On a thread that {@code builder} makes. */
    Worker(Thread.Builder builder) {
        thread = builder.name("worker").unstarted(this::work);
    }

    /** Starts it; gives the number that the kernel knows it by. */
    int start() throws InterruptedException {
        thread.start();
        return (int) answers.take();
    }

    End run(Callable<?> operation) throws InterruptedException {
        operations.put(operation);
        return (End) answers.take();
    }

    private void work() {
        try {
            answers.put(Marks.thread());
            while (true) {
                Callable<?> operation = operations.take();
                Marks.mark();
                End end = end(operation);
                Marks.mark();
                answers.put(end);
            }
        } catch (InterruptedException e) {
            // The program is over.
        }
    }

    private static End end(Callable<?> operation) {
        try {
            return new End(operation.call(), null);
        } catch (Throwable t) {
            return new End(null, t);
        }
    }
}
