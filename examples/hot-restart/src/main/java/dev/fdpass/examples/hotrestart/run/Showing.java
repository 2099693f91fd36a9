package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.examples.hotrestart.server.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** A server under load, first left alone, then restarted again and again. */
final class Showing {
    private static final long SHOW_EVERY_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerProcess server;
    private final Load load;
    private final Progress progress;
    private final FreshConnections fresh;
    private final KeptConnections kept;
    private final AtomicLong sentBefore = new AtomicLong();
    private final AtomicLong sentNow = new AtomicLong();

    private Showing(ServerProcess server, Load load, Progress progress, FreshConnections fresh, KeptConnections kept) {
        this.server = server;
        this.load = load;
        this.progress = progress;
        this.fresh = fresh;
        this.kept = kept;
    }

    /**
     * Shows it.
     *
     * @param command that starts the first server
     * @param warmUp how long the load is on before anything is measured
     * @param undisturbed how long nothing is restarted
     * @param restarts how many there are, 1 or more
     */
    static Figures run(
            List<String> command, Load load, Duration warmUp, Duration undisturbed, int restarts, Progress progress)
            throws IOException, InterruptedException {
        Duration limit = Duration.ofSeconds(load.lateSeconds());
        try (ServerProcess server = ServerProcess.start(command);
                FreshConnections fresh = FreshConnections.start(server.port(), limit);
                KeptConnections kept = KeptConnections.start(server.port(), KeptConnections.CLIENTS, limit)) {
            return new Showing(server, load, progress, fresh, kept).measure(warmUp, undisturbed, restarts);
        }
    }

    private Figures measure(Duration warmUp, Duration undisturbed, int restarts)
            throws IOException, InterruptedException {
        WrkResult warm = loadFor(warmUp, "warming up");
        WrkResult alone = loadFor(undisturbed, "undisturbed");
        List<ServerProcess.Restart> done = new ArrayList<>();
        WrkResult disturbed;
        try (Wrk wrk = startWrk(PATIENCE.multipliedBy(restarts))) {
            while (done.size() < restarts) {
                wrk.checkRuns();
                show("restart " + (done.size() + 1) + " of " + restarts);
                done.add(restart());
            }
            disturbed = wrk.stop();
        }
        fresh.close();
        kept.close();
        return new Figures(
                done,
                alone,
                disturbed,
                warm.failures(),
                fresh.tally().counts(),
                kept.tally().counts());
    }

    private WrkResult loadFor(Duration time, String what) throws IOException, InterruptedException {
        try (Wrk wrk = startWrk(time)) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                wrk.checkRuns();
                show(what);
                Thread.sleep(SHOW_EVERY_MILLIS);
            }
            return wrk.stop();
        }
    }

    private Wrk startWrk(Duration expected) throws IOException {
        sentBefore.addAndGet(sentNow.getAndSet(0));
        return Wrk.start(server.port(), load, expected.plus(PATIENCE), sentNow::set);
    }

    /** What the old server says of it is not enough: the new one must answer, and only that. */
    private ServerProcess.Restart restart() throws IOException, InterruptedException {
        ServerProcess.Restart restart = server.restart();
        long answering = fresh.ask();
        if (answering != restart.newPid()) {
            throw new IOException("process " + answering + " answers after process " + restart.oldPid()
                    + " was replaced by " + restart.newPid());
        }
        return restart;
    }

    private void show(String what) {
        progress.show(
                what,
                String.format(
                        Locale.ROOT,
                        ": process %d serves; %,d requests, %d refused or failed so far",
                        server.pid(),
                        sentBefore.get()
                                + sentNow.get()
                                + fresh.tally().requests()
                                + kept.tally().requests(),
                        fresh.tally().failures() + kept.tally().failures()));
    }
}
