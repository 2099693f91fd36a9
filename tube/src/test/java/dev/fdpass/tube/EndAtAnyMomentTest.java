package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Threads ask, lose patience and are interrupted while one of the ends closes: everyone gets a reply or an exception, and no
 * descriptor is left.
 */
class EndAtAnyMomentTest {
    /** More with {@code -Dtube.rounds}. */
    private static final int ROUNDS = Integer.getInteger("tube.rounds", 20);

    /** Where threads get so little time that nobody is answered in a round before its end comes, there are more. */
    private static final int MOST_ROUNDS = 100 * ROUNDS;

    private static final int THREADS = 6;

    @ParameterizedTest
    @CsvSource({"STREAM,asking", "STREAM,answering", "SEQPACKET,asking", "SEQPACKET,answering", "SEQPACKET,interrupts"})
    void everyoneIsAnsweredOrToldAndNothingIsLeft(SocketType kind, String end) throws Exception {
        AtomicInteger replies = new AtomicInteger();
        for (int round = 0; round < ROUNDS || (replies.get() == 0 && round < MOST_ROUNDS); round++) {
            Random random = new Random(round);
            SocketPair<? extends ScmSocket> pair = kind.pair();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    ReplyTube<ToWorker, FromWorker> service =
                            ReplyTube.over(pair.second(), ToWorker.class, FromWorker.class);
                    RequestTube<ToWorker, FromWorker> tube =
                            RequestTube.over(pair.first(), ToWorker.class, FromWorker.class)) {
                threads.execute(() -> serve(service));
                List<Future<?>> asking = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    long seed = random.nextLong();
                    asking.add(threads.submit((Callable<Void>) () -> {
                        ask(tube, new Random(seed), replies);
                        return null;
                    }));
                }
                LockSupport.parkNanos(random.nextInt(20_000_000));
                if (end.equals("interrupts")) {
                    asking.forEach(each -> each.cancel(true));
                }
                (end.equals("answering") ? service : tube).close();
                for (Future<?> each : asking) {
                    if (!each.isCancelled()) {
                        each.get(60, TimeUnit.SECONDS);
                    }
                }
            }
            TestFiles.awaitOpen(0);
        }
        assertThat(replies.get()).isPositive();
    }

    private static void serve(ReplyTube<ToWorker, FromWorker> service) {
        try {
            service.serve(3, request -> {
                switch (request.message()) {
                    case ToWorker.Open open -> {
                        try (OwnedFd file = open.file()) {
                            request.reply(new FromWorker.Opened(List.of(file, file)));
                        }
                    }
                    case ToWorker.Count count -> {
                        LockSupport.parkNanos(count.number());
                        request.reply(new FromWorker.Pong(count.number()));
                    }
                    default -> throw new IllegalStateException("no pong today");
                }
            });
        } catch (IOException e) {
            // It is closed, or was reset by an end that left replies unread.
        }
    }

    private static void ask(RequestTube<ToWorker, FromWorker> tube, Random random, AtomicInteger replies)
            throws IOException {
        String large = "x".repeat(300_000); // more than the kernel takes at once, or a packet at all
        while (tube.isOpen()) {
            Duration timeout = Duration.ofNanos(1 + random.nextInt(random.nextBoolean() ? 500_000 : 2_000_000_000));
            try (OwnedFd file = TestFiles.holding("x")) {
                switch (random.nextInt(4)) {
                    case 0 -> tube.request(timeout, new ToWorker.Count(random.nextInt(1_000_000)));
                    case 1 -> tube.request(timeout, new ToWorker.Ping());
                    default -> {
                        String name = random.nextInt(3) == 0 ? large : "x";
                        FromWorker.Opened opened =
                                (FromWorker.Opened) tube.request(timeout, new ToWorker.Open(name, file, Map.of()));
                        try {
                            assertThat(opened.files())
                                    .extracting(TestFiles::text)
                                    .containsExactly("x", "x");
                            replies.incrementAndGet();
                        } finally {
                            Descriptors.closeAll(opened);
                        }
                    }
                }
            } catch (IOException e) {
                // Too late, refused, or closed.
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                // With one processor, who fails at once and never parks would keep others from finding the end.
                LockSupport.parkNanos(10_000);
            }
        }
    }
}
