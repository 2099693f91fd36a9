package dev.fdpass.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.Asleep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What is proved of each kind of object, in each direction; by name, so that the same is proved without flags, with them, and
 * in the table of {@code docs/jdk-objects.md}. Needs no test library: it runs in JVMs of its own too.
 */
final class Proofs {
    /** A proof; what it returns is put down, if it says more than that it was proved. */
    interface Proof {
        String prove() throws Exception;
    }

    /**
     * What is converted.
     *
     * @param object the type, and of what
     * @param direction "to" or "from" the object of the JDK
     */
    record Subject(String object, String direction) implements Comparable<Subject> {
        @Override
        public int compareTo(Subject other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return object + ", " + direction;
        }
    }

    private static final long PATIENCE_SECONDS = 60;

    private Proofs() {}

    /** Whether {@code java.base} opens its packages to the library in this JVM. */
    static boolean hasFlags() {
        return SocketInternals.opened().isPresent();
    }

    static Map<Subject, Map<String, Proof>> all() {
        Map<Subject, Map<String, Proof>> all = new LinkedHashMap<>();
        StreamProofs.addTo(all);
        ListenerProofs.addTo(all);
        DatagramProofs.addTo(all);
        FileProofs.addTo(all);
        RedirectProofs.addTo(all);
        return all;
    }

    /** The text of a proof that says no more than its name. */
    static final String PROVED = "";

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }

    static void requireEqual(Object actual, Object expected) {
        require(actual.equals(expected), actual + " is " + expected);
    }

    static void requireSame(OwnedFd fd, OwnedFd other) throws IOException {
        require(Kernel.isSameOpenFile(fd.number(), other.number()), fd + " is the same open file as " + other);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate().flip()).toString();
    }

    /** A task on another thread, which has begun to wait in the kernel, or parked. */
    static final class Waiting<T> {
        private static final AtomicInteger COUNT = new AtomicInteger();

        private final FutureTask<T> task;

        private Waiting(FutureTask<T> task) {
            this.task = task;
        }

        static <T> Waiting<T> on(Thread.Builder builder, Callable<T> callable) throws Exception {
            FutureTask<T> task = new FutureTask<>(callable);
            Thread thread = builder.name("waits" + COUNT.incrementAndGet()).start(task);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            // Several times in a row: to load a class reads as well.
            for (int waiting = 0; waiting < 4; ) {
                waiting = isWaiting(thread) ? waiting + 1 : 0;
                require(!task.isDone(), "the task waits");
                require(System.nanoTime() < deadline, "the task begins to wait in time");
                Thread.sleep(3);
            }
            return new Waiting<>(task);
        }

        static <T> Waiting<T> onPlatformThread(Callable<T> callable) throws Exception {
            return on(Thread.ofPlatform().daemon(), callable);
        }

        private static boolean isWaiting(Thread thread) throws IOException {
            StackTraceElement[] stack = thread.getStackTrace();
            return thread.isVirtual()
                    ? thread.getState() == Thread.State.WAITING
                            || Stream.of(stack).anyMatch(frame -> frame.isNativeMethod() && isInput(frame))
                    : stack.length > 0 && stack[0].isNativeMethod() && isInput(stack[0]) && Asleep.isAsleep(thread);
        }

        private static boolean isInput(StackTraceElement frame) {
            return frame.getMethodName().matches("read.*|accept.*|poll.*|receive.*|epollWait|wait");
        }

        T get() throws Exception {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        Throwable failure() throws Exception {
            try {
                throw new AssertionError("returned " + get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }
}
