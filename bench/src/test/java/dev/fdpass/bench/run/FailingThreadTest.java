package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** In works of two threads, whoever fails does not leave the other waiting. */
class FailingThreadTest {
    /** More than the sockets hold, so that who sends to nobody waits too. */
    private static final int OPERATIONS = 10_000;

    static Stream<Arguments> contendersAndWorks() {
        return Contenders.all().stream()
                .flatMap(contender -> Stream.of(Work.W6, Work.W7)
                        .map(work -> Arguments.argumentSet(contender.name() + " " + work, contender, work)));
    }

    @ParameterizedTest
    @MethodSource("contendersAndWorks")
    void theNearOneIsFreedWhenTheFarOneFails(Contender contender, Work work) throws Exception {
        fails(contender, work, false);
    }

    @ParameterizedTest
    @MethodSource("contendersAndWorks")
    void theFarOneIsFreedWhenTheNearOneFails(Contender contender, Work work) throws Exception {
        fails(contender, work, true);
    }

    private static void fails(Contender contender, Work work, boolean isNear) throws IOException {
        try (SentFds sent = SentFds.open(work.fds());
                Threads threads = new Threads();
                Lane lane = open(contender, work, sent)) {
            threads.start();
            threads.run(lane, 10);
            assertThatThrownBy(() -> threads.run(new HalfBroken(lane, isNear), OPERATIONS))
                    .hasRootCauseMessage("broken");
        }
    }

    private static Lane open(Contender contender, Work work, SentFds sent) throws IOException {
        Lane lane;
        try {
            lane = contender.open(work, sent);
        } catch (UnavailableException e) {
            return abort(contender.name() + ": " + e.getMessage());
        }
        assumeTrue(lane != null, contender.name() + " cannot do " + work);
        Objects.requireNonNull(lane);
        if (lane.far() == null) {
            lane.close();
            return abort(contender.name() + " has its second thread elsewhere");
        }
        return lane;
    }

    /** One end does a few operations, then fails; the other expects many. */
    private record HalfBroken(Lane lane, boolean isNear) implements Lane {
        @Override
        public End near() {
            return isNear ? broken(lane.near()) : lane.near();
        }

        @Override
        public End far() {
            End far = Objects.requireNonNull(lane.far());
            return isNear ? far : broken(far);
        }

        private static End broken(End end) {
            return operations -> {
                end.run(operations / 1000);
                throw new IOException("broken");
            };
        }

        @Override
        public void stop() throws IOException {
            lane.stop();
        }

        @Override
        public void close() throws IOException {
            lane.close();
        }
    }
}
