package dev.fdpass.testing;

import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A program with many virtual threads that wait in receives, and few carriers if its options say so. Prints what it saw,
 * a line {@code name=value} each.
 */
public final class BlockedVirtualThreads {
    private static final int COUNT = 1000;
    private static final long PATIENCE_SECONDS = 60;
    /** Measurements are taken again while they are worse than this, since other work on the machine may be in them. */
    private static final long GOOD_MICROS = 10_000;

    private static final long GOOD_MOST_MICROS = 1_000_000;
    private static final long GOOD_PER_MILLE = 20;
    private static final int MOST_ROUNDS = 20;

    private final List<SocketPair<UnixSeqpacket>> pairs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<CompletableFuture<Throwable>> ends = new ArrayList<>();
    private final AtomicInteger received = new AtomicInteger();

    private BlockedVirtualThreads() {}

    /** {@code pinOnPurpose} as the first argument lets a thread pin its carrier too, of which a recording must tell. */
    public static void main(String... arguments) throws Exception {
        BlockedVirtualThreads program = new BlockedVirtualThreads();
        if (arguments.length > 0 && arguments[0].equals("pinOnPurpose")) {
            Thread.startVirtualThread(() -> say("pinned on purpose", PinsItsCarrier.DONE))
                    .join();
        }
        for (int i = 0; i < COUNT; i++) {
            program.startReceiver();
        }
        program.awaitAllParked();
        say("threads parked", COUNT);
        say("open eventfds", openFiles("eventfd"));
        say("epoll instances", openFiles("eventpoll"));
        unrelatedThreads();
        idleProcessorTime();
        program.aMessageToEach();
        program.unrelatedWhileOthersConnect();
        timeouts();
        release(program.endOfEach());
    }

    private static void say(String name, Object value) {
        System.out.println(name + "=" + value);
    }

    private void startReceiver() throws IOException {
        SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        pairs.add(pair);
        ends.add(end);
        threads.add(Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    try (Received message = pair.second().receive(8, 0)) {
                        received.incrementAndGet();
                        pair.second().send(message.data());
                    }
                }
            } catch (Throwable t) {
                end.complete(t);
            }
        }));
    }

    private void awaitAllParked() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                if (System.nanoTime() > deadline) {
                    long parked = threads.stream()
                            .filter(each -> each.getState() == Thread.State.WAITING)
                            .count();
                    throw new AssertionError(parked + " of " + COUNT + " threads are parked");
                }
                Thread.sleep(1);
            }
        }
    }

    /** How long it takes until a virtual thread runs that has nothing to do with the others. */
    private static void unrelatedThreads() throws Exception {
        long[] micros = microsUntilOthersRun(100, 1);
        for (int i = 1; i < MOST_ROUNDS && median(micros) >= GOOD_MICROS; i++) {
            micros = microsUntilOthersRun(100, 1);
        }
        say("unrelated thread runs after, median µs", median(micros));
        say("unrelated thread runs after, most µs", micros[micros.length - 1]);
    }

    /** In ascending order. */
    private static long[] microsUntilOthersRun(int count, long pauseMillis) throws Exception {
        long[] micros = new long[count];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = microsUntilAnotherRuns();
            Thread.sleep(pauseMillis);
        }
        Arrays.sort(micros);
        return micros;
    }

    private static long median(long... ascending) {
        return ascending[ascending.length / 2];
    }

    private static long microsUntilAnotherRuns() throws Exception {
        CompletableFuture<Long> runs = new CompletableFuture<>();
        long begin = System.nanoTime();
        Thread.startVirtualThread(() -> runs.complete(System.nanoTime()));
        return (runs.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - begin) / 1000;
    }

    private static void idleProcessorTime() throws Exception {
        long least = Long.MAX_VALUE;
        // The first one pays for what the start has left to the compilers, on a busy machine more of them do.
        for (int i = 0; i < MOST_ROUNDS && least > GOOD_PER_MILLE; i++) {
            long begin = System.nanoTime();
            Duration before = processorTime();
            Thread.sleep(1500);
            long used = processorTime().minus(before).toNanos();
            least = Math.min(least, 1000 * used / (System.nanoTime() - begin));
        }
        say("idle processor per mille", least);
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private void aMessageToEach() throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < COUNT; i++) {
            ByteBuffer message = ByteBuffer.allocate(8).putLong(0, i);
            UnixSeqpacket socket = pairs.get(i).first();
            socket.setReceiveTimeout(Duration.ofSeconds(PATIENCE_SECONDS));
            socket.send(message);
            try (Received answer = socket.receive(8, 0)) {
                if (answer.data().getLong() != i) {
                    throw new AssertionError("another's answer");
                }
            }
        }
        say("messages received", received.get());
        say("a round trip takes, mean µs", (System.nanoTime() - begin) / COUNT / 1000);
    }

    /** connect(2) waits in the kernel if the listener's queue is full; a virtual thread must not. */
    private void unrelatedWhileOthersConnect() throws Exception {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed(), 1);
                UnixStream one = UnixStream.connect(listener.localAddress());
                UnixStream two = UnixStream.connect(listener.localAddress())) {
            List<CompletableFuture<UnixStream>> connecting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                CompletableFuture<UnixStream> connected = new CompletableFuture<>();
                connecting.add(connected);
                Thread.startVirtualThread(() -> {
                    try {
                        connected.complete(UnixStream.connect(listener.localAddress()));
                    } catch (Throwable t) {
                        connected.completeExceptionally(t);
                    }
                });
            }
            Thread.sleep(100);
            long[] micros = microsUntilOthersRun(20, 0);
            for (int i = 1; i < MOST_ROUNDS && median(micros) >= GOOD_MICROS; i++) {
                micros = microsUntilOthersRun(20, 0);
            }
            say("unrelated thread runs while others connect, median µs", median(micros));
            say(
                    "threads still connecting",
                    connecting.stream().filter(c -> !c.isDone()).count());
            for (int i = 0; i < 2 + connecting.size(); i++) {
                listener.accept(Duration.ofSeconds(PATIENCE_SECONDS)).close();
            }
            for (CompletableFuture<UnixStream> each : connecting) {
                each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).close();
            }
            say("connected", one.isOpen() && two.isOpen());
        }
    }

    private static void timeouts() throws Exception {
        long[] micros = microsOfTimeouts();
        long least = micros[0];
        for (int i = 1; i < MOST_ROUNDS && !isGood(micros); i++) {
            micros = microsOfTimeouts();
            least = Math.min(least, micros[0]);
        }
        say("timeouts late by, least µs", least);
        say("timeouts late by, median µs", median(micros));
        say("timeouts late by, most µs", micros[micros.length - 1]);
    }

    private static boolean isGood(long... ascending) {
        return median(ascending) < GOOD_MICROS && ascending[ascending.length - 1] < GOOD_MOST_MICROS;
    }

    /** How late a hundred threads with timeouts from 100 to 199 ms are, in ascending order. */
    private static long[] microsOfTimeouts() throws Exception {
        List<CompletableFuture<Long>> late = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Duration timeout = Duration.ofMillis(100 + i);
            CompletableFuture<Long> micros = new CompletableFuture<>();
            late.add(micros);
            Thread.startVirtualThread(() -> {
                try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
                    pair.first().setReceiveTimeout(timeout);
                    long begin = System.nanoTime();
                    try {
                        pair.first().receive(1, 0).close();
                    } catch (SocketTimeoutException e) {
                        micros.complete((System.nanoTime() - begin - timeout.toNanos()) / 1000);
                    }
                } catch (Throwable t) {
                    micros.completeExceptionally(t);
                }
            });
        }
        long[] micros = new long[late.size()];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = late.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        Arrays.sort(micros);
        return micros;
    }

    /** Closes every second socket, and interrupts the threads that wait for the others; when the last one waited still. */
    private long endOfEach() throws Exception {
        awaitAllParked();
        int closed = 0;
        int interrupted = 0;
        long begin = System.nanoTime();
        long lastWaits = begin;
        for (int i = 0; i < COUNT; i++) {
            lastWaits = System.nanoTime();
            if (i % 2 == 0) {
                pairs.get(i).second().close();
            } else {
                threads.get(i).interrupt();
            }
            Throwable end = ends.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            closed += end.getClass() == AsynchronousCloseException.class ? 1 : 0;
            interrupted += end.getClass() == ClosedByInterruptException.class ? 1 : 0;
        }
        say("woken by close", closed);
        say("woken by interrupt", interrupted);
        say("waking takes, mean µs", (System.nanoTime() - begin) / COUNT / 1000);
        say(
                "sockets left open",
                pairs.stream().filter(pair -> pair.second().isOpen()).count());
        for (SocketPair<UnixSeqpacket> pair : pairs) {
            pair.close();
        }
        return lastWaits;
    }

    /** Nobody waits any more. */
    private static void release(long begin) throws Exception {
        while (openFiles("eventpoll") > 0 && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            Thread.sleep(10);
        }
        say("epoll instance closed after ms", (System.nanoTime() - begin) / 1_000_000);
        say("epoll instances at the end", openFiles("eventpoll"));
    }

    private static long openFiles(String kind) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(kind);
                        } catch (IOException e) {
                            return false; // the descriptor that lists them
                        }
                    })
                    .count();
        }
    }

    /** Waits in its static initialiser, where even the JDK's own waiting holds the carrier. */
    private static final class PinsItsCarrier {
        static final boolean DONE = pin();

        private static boolean pin() {
            long until = System.nanoTime() + 100_000_000;
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            return Thread.currentThread().isVirtual();
        }
    }
}
