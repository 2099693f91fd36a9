package dev.fdpass.limits;

import dev.fdpass.EventFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A program whose threads wait when there is no descriptor number left. */
final class WaitsAtTheLimit {
    private static final Duration SHORT = Duration.ofMillis(150);

    private WaitsAtTheLimit() {}

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            receive("closed", (pair, thread) -> pair.second().close());
            receive("interrupted", (pair, thread) -> thread.interrupt());
            receive("sent to", (pair, thread) -> pair.first().send(ByteBuffer.allocate(1)));
            receive("timed out", (pair, thread) -> {});
            send("closed", (pair, thread) -> pair.first().close());
            send("interrupted", (pair, thread) -> thread.interrupt());
            send("received from", (pair, thread) -> pair.second().read(ByteBuffer.allocateDirect(1 << 20)));
            send("timed out", (pair, thread) -> {});
            accept("closed", (listener, thread) -> listener.close());
            accept("interrupted", (listener, thread) -> thread.interrupt());
            accept("timed out", (listener, thread) -> {});
            readEvent("closed", (event, thread) -> event.close());
            readEvent("interrupted", (event, thread) -> thread.interrupt());
            readEvent("written", (event, thread) -> event.write(1));
        });
    }

    /** What another thread does to one that waits. */
    interface EventOn<T> {
        void happen(T on, Thread waiting) throws Exception;
    }

    private static void receive(String what, EventOn<SocketPair<UnixStream>> event) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            if (what.equals("timed out")) {
                pair.second().setReceiveTimeout(SHORT);
            }
            awaitEvent("receive, " + what, pair, () -> pair.second().read(ByteBuffer.allocateDirect(1)), event);
        }
    }

    private static void send(String what, EventOn<SocketPair<UnixStream>> event) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            ByteBuffer block = ByteBuffer.allocateDirect(1024);
            while (pair.first().trySend(block.clear()).isPresent()) {
                // until the queue is full
            }
            if (what.equals("timed out")) {
                pair.first().setSendTimeout(SHORT);
            }
            awaitEvent("send, " + what, pair, () -> pair.first().send(ByteBuffer.allocateDirect(1)), event);
        }
    }

    private static void accept(String what, EventOn<UnixStreamListener> event) throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            Duration timeout = what.equals("timed out") ? SHORT : Duration.ZERO;
            awaitEvent("accept, " + what, listener, () -> listener.accept(timeout), event);
        }
    }

    private static void readEvent(String what, EventOn<EventFd> event) throws Exception {
        try (EventFd eventFd = EventFd.create()) {
            awaitEvent("read of an eventfd, " + what, eventFd, eventFd::read, event);
        }
    }

    private static <T extends Closeable> void awaitEvent(String name, T on, Callable<?> action, EventOn<T> event)
            throws Exception {
        FutureTask<Object> task = new FutureTask<>(action::call);
        Thread thread = new Thread(task);
        Fillers fillers = new Fillers(0);
        try {
            thread.start();
            Thread.sleep(SHORT.toMillis() / 2);
            if (task.isDone()) {
                throw new AssertionError(name + " did not wait");
            }
            event.happen(on, thread);
            Facts.say("%s: %s".formatted(name, outcome(task)));
        } finally {
            fillers.close();
        }
        thread.join();
    }

    private static Object outcome(FutureTask<?> task) throws Exception {
        try {
            return task.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
