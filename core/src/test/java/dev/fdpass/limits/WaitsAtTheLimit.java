package dev.fdpass.limits;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fdpass.EventFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.linux.Arch;
import dev.fdpass.linux.Syscall;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A program whose threads wait when there is no descriptor number left. */
final class WaitsAtTheLimit {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final String TIMED_OUT = "timed out";

    private WaitsAtTheLimit() {}

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            receive("closed", (pair, thread) -> pair.second().close());
            receive("interrupted", (pair, thread) -> thread.interrupt());
            receive("sent to", (pair, thread) -> pair.first().send(ByteBuffer.allocate(1)));
            receive(TIMED_OUT, (pair, thread) -> {});
            send("closed", (pair, thread) -> pair.first().close());
            send("interrupted", (pair, thread) -> thread.interrupt());
            send("received from", (pair, thread) -> pair.second().read(ByteBuffer.allocateDirect(1 << 20)));
            send(TIMED_OUT, (pair, thread) -> {});
            accept("closed", (listener, thread) -> listener.close());
            accept("interrupted", (listener, thread) -> thread.interrupt());
            accept(TIMED_OUT, (listener, thread) -> {});
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
            if (what.equals(TIMED_OUT)) {
                pair.second().setReceiveTimeout(SHORT);
            }
            awaitEvent("receive, ", what, pair, () -> pair.second().read(ByteBuffer.allocateDirect(1)), event);
        }
    }

    private static void send(String what, EventOn<SocketPair<UnixStream>> event) throws Exception {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            ByteBuffer block = ByteBuffer.allocateDirect(1024);
            while (pair.first().trySend(block.clear()).isPresent()) {
                // until the queue is full
            }
            if (what.equals(TIMED_OUT)) {
                pair.first().setSendTimeout(SHORT);
            }
            awaitEvent("send, ", what, pair, () -> pair.first().send(ByteBuffer.allocateDirect(1)), event);
        }
    }

    private static void accept(String what, EventOn<UnixStreamListener> event) throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
            Duration timeout = what.equals(TIMED_OUT) ? SHORT : Duration.ZERO;
            awaitEvent("accept, ", what, listener, () -> listener.accept(timeout), event);
        }
    }

    private static void readEvent(String what, EventOn<EventFd> event) throws Exception {
        try (EventFd eventFd = EventFd.create()) {
            awaitEvent("read of an eventfd, ", what, eventFd, eventFd::read, event);
        }
    }

    private static <T extends Closeable> void awaitEvent(
            String operation, String what, T on, Callable<?> action, EventOn<T> event) throws Exception {
        CompletableFuture<Path> begun = new CompletableFuture<>();
        CountDownLatch filled = new CountDownLatch(1);
        AtomicLong waited = new AtomicLong();
        FutureTask<Object> task = new FutureTask<>(() -> {
            begun.complete(Path.of("/proc/thread-self").toRealPath());
            filled.await();
            long begin = System.nanoTime();
            try {
                return action.call();
            } finally {
                waited.set(System.nanoTime() - begin);
            }
        });
        Thread thread = new Thread(task);
        thread.start();
        // Opened before there is no number left: the kernel's word on what the thread does, to be read again and again.
        try (FileChannel call = FileChannel.open(begun.get().resolve("syscall"));
                Fillers _ = new Fillers(0)) {
            filled.countDown();
            if (!what.equals(TIMED_OUT)) {
                awaitPolling(call, task, operation + what);
            }
            event.happen(on, thread);
            Object outcome = outcome(task);
            if (what.equals(TIMED_OUT) && waited.get() < SHORT.toNanos()) {
                throw new AssertionError(operation + what + " after " + waited + " ns");
            }
            Facts.say("%s: %s".formatted(operation + what, outcome));
        }
        thread.join();
    }

    /** Returns when the thread has been in {@code ppoll(2)} several times in a row. */
    private static void awaitPolling(FileChannel call, FutureTask<?> task, String name) throws Exception {
        String poll = Syscall.PPOLL.numberOn(Arch.CURRENT) + " ";
        ByteBuffer text = ByteBuffer.allocateDirect(200);
        long begin = System.nanoTime();
        for (int polling = 0; polling < 3; ) {
            if (task.isDone() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError(name + " did not wait");
            }
            Thread.sleep(5);
            call.read(text.clear(), 0);
            polling = US_ASCII.decode(text.flip()).toString().startsWith(poll) ? polling + 1 : 0;
        }
    }

    private static Object outcome(FutureTask<?> task) throws Exception {
        try {
            return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
