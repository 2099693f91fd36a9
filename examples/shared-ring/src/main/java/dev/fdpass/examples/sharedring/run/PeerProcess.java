package dev.fdpass.examples.sharedring.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.examples.sharedring.ring.RingOffer;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import dev.fdpass.tube.Tube;
import dev.fdpass.tube.TubePair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The other process as the measuring one sees it. */
final class PeerProcess implements AutoCloseable {
    private static final Duration PATIENCE_FOR_REASONS = Duration.ofSeconds(1);

    private final SpawnedProcess process;
    private final Tube<Order, Report> tube;

    private PeerProcess(SpawnedProcess process, Tube<Order, Report> tube) {
        this.process = process;
        this.tube = tube;
    }

    /** Starts the same JVM with the same class path. */
    static PeerProcess start() throws IOException {
        SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
        UnixSeqpacket ours = pair.first();
        try (UnixSeqpacket theirs = pair.second()) {
            Tube<Order, Report> tube = Tube.over(ours, Order.class, Report.class);
            tube.setReceiveTimeout(Peer.PATIENCE);
            SpawnedProcess process = Spawn.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Peer.class.getName())
                    .inheritIo()
                    .stdoutPipe()
                    .fd(Peer.TUBE, theirs)
                    .start();
            return new PeerProcess(process, tube);
        } catch (Throwable t) {
            try (ours) {
                throw t;
            }
        }
    }

    /** Has it do something, and waits until it is about to. */
    void order(Order order) throws IOException {
        try {
            tube.send(order);
            if (tube.receive() instanceof Report.Failed failed) {
                throw failed.exception();
            }
        } catch (IOException e) {
            throw explained(e);
        }
    }

    /** If it has said why it ended, that, and else the exception as it is. */
    IOException explained(IOException failure) {
        tube.setReceiveTimeout(PATIENCE_FOR_REASONS);
        // That it ended without having received something is told once before what it has said (ECONNRESET).
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                if (tube.receive() instanceof Report.Failed failed) {
                    IOException explained = failed.exception();
                    explained.addSuppressed(failure);
                    return explained;
                }
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        return failure;
    }

    /** One more way to it. */
    Lane open(Contender contender, int capacity, Duration usualSpin) throws IOException {
        Duration spin = contender.spins() ? usualSpin : Duration.ZERO;
        if (!contender.isRing()) {
            SocketPair<UnixStream> pair = UnixStream.pair();
            UnixStream ours = pair.first();
            try (UnixStream theirs = pair.second()) {
                order(new Order.OpenSocket(contender, theirs, spin));
                return Peer.socketLane(contender, ours, spin);
            } catch (Throwable t) {
                try (ours) {
                    throw t;
                }
            }
        }
        TubePair<RingOffer, RingOffer> pair = Tube.pair(RingOffer.class, RingOffer.class);
        Tube<RingOffer, RingOffer> ours = pair.first();
        try (Tube<RingOffer, RingOffer> theirs = pair.second()) {
            order(new Order.OpenRing(contender, theirs, capacity, spin));
            return RingLane.over(ours, capacity, spin, Peer.PATIENCE);
        } catch (Throwable t) {
            try (ours) {
                throw t;
            }
        }
    }

    /** Lets it end, and sees to it that it has closed everything. */
    void end() throws IOException, InterruptedException {
        tube.close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (!process.waitFor(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("the other process has not ended well: " + said);
        }
        if (!said.equals(Peer.ALL_CLOSED)) {
            throw new IOException("the other process has left descriptors open: " + said);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try (tube) {
            process.getInputStream().close();
        }
    }
}
