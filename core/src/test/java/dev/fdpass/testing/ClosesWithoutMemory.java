package dev.fdpass.testing;

import dev.fdpass.EventFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStreamListener;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A program that closes what it has when no native memory is to be had any more; prints what came of it. */
public final class ClosesWithoutMemory {
    /** More than the library keeps memory for at this moment, so that for some there is none. */
    private static final int THREADS = 6;

    private static final long PATIENCE_NANOS = 50_000_000_000L;

    private ClosesWithoutMemory() {}

    public static void main(String... arguments) throws Exception {
        List<SocketPair<UnixSeqpacket>> waiting = new ArrayList<>();
        List<FutureTask<String>> waiters = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<EventFd> events = new ArrayList<>();
        List<Received> messages = new ArrayList<>();
        Path file = Path.of(arguments[0]);
        UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.of(file));
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            descriptors(); // classes
            int before = descriptors();
            for (int i = 0; i < THREADS; i++) {
                events.add(EventFd.create());
                pair.first().send(ByteBuffer.allocate(1), events.get(i), events.get(i));
                messages.add(pair.second().receive(1, 2));
                waiting.add(UnixSeqpacket.pair());
                waiters.add(waiter(waiting.get(i).first()));
                Thread.Builder builder =
                        i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
                threads.add(builder.name("waiter" + i).start(waiters.get(i)));
            }
            awaitAsleep(threads);
            List<ByteBuffer> hog = exhaust();
            System.out.println("without memory: " + isExhausted());
            List<FutureTask<String>> closers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int index = i;
                closers.add(start(() -> {
                    events.get(index).close();
                    messages.get(index).close();
                    waiting.get(index).close();
                    events.get(index).close();
                    return "closed";
                }));
            }
            for (FutureTask<String> closer : closers) {
                System.out.println("closing: " + closer.get(60, TimeUnit.SECONDS));
            }
            for (FutureTask<String> waiter : waiters) {
                System.out.println("waiting: " + waiter.get(60, TimeUnit.SECONDS));
            }
            System.out.println("listener: "
                    + start(() -> {
                                listener.close();
                                return "closed, file " + (Files.exists(file) ? "left" : "removed");
                            })
                            .get(60, TimeUnit.SECONDS));
            hog.clear();
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (descriptors() > before - 1 && System.nanoTime() < deadline) {
                Thread.sleep(5); // until the epoll instance is closed
            }
            System.out.println("left open: " + (descriptors() - before + 1));
        }
    }

    private static FutureTask<String> waiter(UnixSeqpacket socket) {
        return new FutureTask<>(() -> {
            try (Received received = socket.receive(1, 0)) {
                return received.bytes() + " bytes";
            } catch (AsynchronousCloseException e) {
                return "woken";
            }
        });
    }

    /** Several times in a row: on the way they may wait for other things. */
    private static void awaitAsleep(List<Thread> threads) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int asleep = 0; asleep < 10; ) {
            boolean all = true;
            for (Thread thread : threads) {
                all &= Asleep.isAsleep(thread);
            }
            asleep = all ? asleep + 1 : 0;
            if (System.nanoTime() > deadline) {
                throw new AssertionError("they do not wait");
            }
            Thread.sleep(10);
        }
    }

    private static FutureTask<String> start(Callable<String> action) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                return action.call();
            } catch (Throwable t) {
                return t.toString();
            }
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static List<ByteBuffer> exhaust() {
        List<ByteBuffer> hog = new ArrayList<>();
        for (int size = 1 << 16; size > 0; size /= 8) {
            try {
                while (true) {
                    hog.add(ByteBuffer.allocateDirect(size));
                }
            } catch (OutOfMemoryError e) {
                // so much is not there any more; a smaller piece may be
            }
        }
        return hog;
    }

    private static boolean isExhausted() {
        try {
            return ByteBuffer.allocateDirect(4096).capacity() == 0;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    private static int descriptors() throws Exception {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }
}
