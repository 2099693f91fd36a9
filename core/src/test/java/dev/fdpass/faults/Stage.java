package dev.fdpass.faults;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What a {@link Scenario} needs and does. Only its operation runs on the thread whose system calls are tampered with;
 * everything around it is done by others.
 */
final class Stage implements AutoCloseable {
    /** What is done before each round, or at the end. */
    interface Action {
        void run() throws Exception;
    }

    /** What is looked at after each round. */
    interface Check {
        /**
         * Asserts that everything is as it should be and can still be used.
         *
         * @param failed whether the operation threw
         * @return what may differ from round to round, or nothing
         */
        String at(boolean failed) throws Exception;
    }

    private final Deque<Action> endings = new ArrayDeque<>();
    private final List<Action> preparations = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private Callable<?> operation = () -> null;

    /** Closes {@code resource} at the end. */
    <T extends AutoCloseable> T keep(T resource) {
        endings.push(resource::close);
        return resource;
    }

    void atTheEnd(Action action) {
        endings.push(action);
    }

    /** A resource that is made anew before each round and closed after it. */
    <T extends AutoCloseable> Supplier<T> fresh(Callable<T> maker) {
        AtomicReference<T> current = new AtomicReference<>();
        before(() -> {
            closeCurrent(current);
            current.set(maker.call());
        });
        endings.push(() -> closeCurrent(current));
        return current::get;
    }

    private static <T extends AutoCloseable> void closeCurrent(AtomicReference<T> current) throws Exception {
        T old = current.getAndSet(null);
        if (old != null) {
            old.close();
        }
    }

    void before(Action action) {
        preparations.add(action);
    }

    /** What is done, and tampered with. A result that can be closed is closed after the looks. */
    void operation(Callable<?> callable) {
        operation = callable;
    }

    void after(Check check) {
        checks.add(check);
    }

    void prepare() throws Exception {
        for (Action preparation : preparations) {
            preparation.run();
        }
    }

    Callable<?> operation() {
        return operation;
    }

    String look(boolean failed) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (Check check : checks) {
            String text = check.at(failed);
            if (!text.isEmpty()) {
                seen.append("; ").append(text);
            }
        }
        return seen.toString();
    }

    @Override
    public void close() throws IOException {
        try {
            while (!endings.isEmpty()) {
                endings.pop().run();
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
