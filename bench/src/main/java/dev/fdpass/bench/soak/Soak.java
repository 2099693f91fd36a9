package dev.fdpass.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs two lanes for each type of socket, one with senders in this process and one with senders in others: a while to warm
 * up, then at rest it looks at the memory, and then for the rest of the time.
 */
final class Soak {
    private static final int MOST_TO_CLOSE_LATER = 2_000;
    /** Enough for those, for the senders' files, and for two of the largest messages in each lane. */
    private static final int LEAST_LIMIT = 8_192;

    /** How much longer it goes on where others use the processors, until everything has happened. */
    private static final double LONGER_SECONDS = 120;

    private static final long SHOW_MILLIS = 250;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final double NANOS = 1e9;

    private final double seconds;
    private final SplittableRandom random;
    private final Progress progress;
    private final Counts counts;
    private final AtomicInteger conversations = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile boolean resting;
    private double passed;

    Soak(double seconds, long seed, Counts counts, Progress progress) {
        this.seconds = seconds;
        this.counts = counts;
        this.progress = progress;
        random = new SplittableRandom(seed);
    }

    /** A third of the time, at most a minute: until the compilers have seen everything, memory grows by what they make. */
    private double warmUpSeconds() {
        return Math.min(seconds / 3, 60);
    }

    /** Ends it early; what was sent until then is accounted for. */
    void stop() {
        stopped = true;
    }

    Outcome run() throws IOException, InterruptedException {
        int limit = Snapshot.limitOfDescriptors();
        if (limit < LEAST_LIMIT) {
            throw new IOException("this process may have " + limit + " open files, and the soak needs " + LEAST_LIMIT
                    + " (ulimit -n " + LEAST_LIMIT + ")");
        }
        Snapshot.trimNativeHeap(); // loads the classes that this needs
        Map<Integer, String> fdsBefore = Snapshot.openDescriptors();
        runLanes("warming up", warmUpSeconds());
        progress.show(passed, "at rest");
        Snapshot.settle();
        long rssWarm = Snapshot.residentKiB();
        long heapWarm = Snapshot.heapKiB();
        runLanes("soaking", seconds - warmUpSeconds());
        progress.end();
        Snapshot.settle();
        return new Outcome(
                passed,
                counts.sent.sum(),
                counts.taken.sum(),
                counts.closed.sum(),
                counts.truncated.sum(),
                fdsBefore,
                Snapshot.openDescriptors(),
                rssWarm,
                Snapshot.residentKiB(),
                heapWarm,
                Snapshot.heapKiB(),
                failure.get());
    }

    private void runLanes(String what, double duration) throws InterruptedException {
        resting = false;
        CloseLater later = new CloseLater(MOST_TO_CLOSE_LATER);
        Thread closer = Thread.ofPlatform().name("closer").start(guarded(later::run));
        List<Thread> lanes = new ArrayList<>();
        try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor()) {
            for (SocketType type : SocketType.values()) {
                lanes.add(start("local-" + type, new LocalConversation(lane(type, later))));
                lanes.add(start("child-" + type, new ChildConversation(lane(type, later), killer)));
            }
            watch(what, duration);
            resting = true;
            awaitEnd(lanes);
            killer.shutdownNow();
        }
        later.end();
        awaitEnd(List.of(closer));
    }

    private Lane lane(SocketType type, CloseLater later) {
        return new Lane(type, random.nextLong(), counts, later, conversations, this::isEnding);
    }

    private boolean isEnding() {
        return stopped || resting || failure.get() != null;
    }

    private Thread start(String name, Lane.Conversation conversation) {
        return Thread.ofPlatform().name(name).start(guarded(() -> {
            while (!isEnding()) {
                conversation.run();
            }
        }));
    }

    /** Something a thread does. */
    private interface Action {
        void run() throws Exception;
    }

    private Runnable guarded(Action action) {
        return () -> {
            try {
                action.run();
            } catch (Throwable t) {
                if (!failure.compareAndSet(null, t)) {
                    t.addSuppressed(new IllegalStateException("not the first failure"));
                }
            }
        };
    }

    private void watch(String what, double duration) throws InterruptedException {
        long begin = System.nanoTime();
        double before = passed;
        do {
            Thread.sleep(SHOW_MILLIS);
            passed = before + (System.nanoTime() - begin) / NANOS;
            progress.show(passed, what);
        } while (!isOver(passed - before, duration) && !isEnding());
    }

    /** A soak in which no sender was killed, for instance, would show nothing. */
    private boolean isOver(double lasted, double duration) {
        return lasted >= duration && (counts.hasEverything() || lasted >= duration + LONGER_SECONDS);
    }

    private void awaitEnd(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                failure.compareAndSet(
                        null,
                        new DiscrepancyException(
                                thread.getName() + " does not end, it is at " + List.of(thread.getStackTrace())));
            }
        }
    }
}
