package dev.fdpass.bench.run;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The works as JMH runs them: one contender in one JVM, so there are no ratios of the same moment. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH sets up
public class PassBenchmark {
    private static final int OPERATIONS = 100;

    /** What to do. */
    @Param
    public Work work;

    /**
     * Who does it; a pair that makes no sense, such as a batch of one message, fails and says so. CPython is not among them:
     * it is a process of its own with its own clock, which JMH does not read.
     */
    @Param({
        "fdpass",
        "fdpass-convenient",
        "fdpass-batch",
        "fdpass-spin",
        "fdpass-frames",
        "c",
        "c-tricks",
        "netty",
        "junixsocket",
        "jnr-posix",
        "jdk"
    })
    public String contender;

    private SentFds sent;
    private Threads threads;
    private @Nullable Lane lane;

    /** Called by JMH. */
    public PassBenchmark() {}

    /**
     * Gets ready.
     *
     * @throws IOException if it cannot
     * @throws UnavailableException if the contender is missing
     */
    @Setup
    public void open() throws IOException, UnavailableException {
        sent = SentFds.open(work.fds());
        threads = new Threads();
        threads.start();
        for (Contender one : Contenders.all()) {
            if (one.name().equals(contender)) {
                lane = one.open(work, sent);
            }
        }
    }

    /**
     * Does the work.
     *
     * @return what it took
     * @throws IOException if it fails
     */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public Object pass() throws IOException {
        if (lane == null) {
            throw new IllegalStateException(contender + " cannot do " + work);
        }
        return threads.run(lane, OPERATIONS);
    }

    /**
     * Closes everything.
     *
     * @throws IOException if it cannot
     */
    @TearDown
    public void close() throws IOException {
        if (lane != null) {
            lane.close();
        }
        threads.close();
        sent.close();
    }
}
