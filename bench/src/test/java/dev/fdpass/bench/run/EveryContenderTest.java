package dev.fdpass.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender does every work that it can, with the checks of its own, and keeps no descriptor. */
class EveryContenderTest {
    private static final int OPERATIONS = 20;
    private static final List<Contender> CONTENDERS = Contenders.all();

    /** Libraries keep files of their own open once they are loaded. */
    @BeforeAll
    static void load() throws IOException {
        for (Contender contender : CONTENDERS) {
            for (Work work : List.of(Work.W2, Work.W3, Work.W6)) {
                try {
                    pass(contender, work, 1);
                } catch (UnavailableException e) {
                    System.err.println("without " + contender.name() + ": " + e.getMessage());
                }
            }
        }
    }

    static Stream<Arguments> contendersAndWorks() {
        return CONTENDERS.stream()
                .flatMap(contender -> Stream.of(Work.values())
                        .map(work -> Arguments.argumentSet(contender.name() + " " + work, contender, work)));
    }

    @ParameterizedTest
    @MethodSource("contendersAndWorks")
    void passesAndKeepsNothing(Contender contender, Work work) throws IOException {
        int before = openFiles();
        boolean can;
        try {
            can = pass(contender, work, OPERATIONS);
        } catch (UnavailableException e) {
            abort(contender.name() + ": " + e.getMessage());
            return;
        }
        Waiting.soon(() -> openFiles() == before); // what a thread closes
        assertThat(openFiles()).isEqualTo(before);
        assumeTrue(can, contender.name() + " cannot do " + work);
    }

    /** Whether it can do this at all. */
    private static boolean pass(Contender contender, Work work, int operations)
            throws IOException, UnavailableException {
        try (SentFds sent = SentFds.open(work.fds());
                Threads threads = new Threads();
                Lane lane = contender.open(work, sent)) {
            if (lane == null) {
                return false;
            }
            threads.start();
            int before = openFiles();
            Turn turn = threads.run(lane, operations);
            threads.run(lane, operations);
            // What the last message brought may be kept for the next receive, nothing more.
            assertThat(openFiles()).isBetween(before, before + 2 * work.fds() * work.messages() + 2);
            assertThat(turn.nanos()).isPositive();
            return true;
        }
    }

    private static int openFiles() {
        return DescriptorLeakCheck.openDescriptors().size();
    }
}
