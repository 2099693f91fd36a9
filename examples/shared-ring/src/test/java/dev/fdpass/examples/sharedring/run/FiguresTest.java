package dev.fdpass.examples.sharedring.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final double[] NONE = {Double.NaN, Double.NaN, Double.NaN};

    private final Plan plan = new Plan(
            List.of(1024),
            List.of(Contender.RING, Contender.SOCKET),
            3,
            Duration.ofMillis(1),
            4096,
            Duration.ofNanos(500));
    private final Figures figures = new Figures(
            plan,
            List.of(
                    result(Work.STREAM, Contender.RING, 100, 200, 300),
                    result(Work.STREAM, Contender.SOCKET, 400, 400, 3000),
                    result(Work.PING_PONG, Contender.RING, 1000, 1100, 1200),
                    result(Work.PING_PONG, Contender.SOCKET, 2000, 4400, 4800)));

    private static Result result(Work work, Contender contender, double... nanos) {
        return new Result(work, 1024, contender, nanos, work == Work.STREAM ? NONE : nanos);
    }

    @Test
    void ratiosAreOfTheSameRound() {
        assertThat(figures.json())
                .startsWith(
                        "{\"rounds\":3,\"capacity\":4096,\"spinMicros\":0.5,\"results\":[{\"work\":\"STREAM\",\"bytes\":1024,"
                                + "\"contender\":\"ring\",\"messagesPerSecond\":5000000,\"bytesPerSecond\":5120000000,"
                                + "\"ratioToSocket\":4.0,\"ratioLeast\":2.0,\"ratioMost\":10.0},")
                .contains("{\"work\":\"PING_PONG\",\"bytes\":1024,\"contender\":\"ring\",\"p50Ns\":1100,\"p99Ns\":1100,"
                        + "\"ratioToSocket\":0.25,\"ratioLeast\":0.25,\"ratioMost\":0.5}");
    }

    @Test
    void tablesSayTheSame() {
        assertThat(figures.tables())
                .contains("| 1 KiB", "5,120", "5,000,000", "4.00 (2.00–10.00)", "1.10", "0.25 (0.25–0.50)");
    }
}
