package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Both ends in processes of their own, as users have them. */
class TwoProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aWorkerGetsFilesMemoryAndTubes() throws Exception {
        try (Child worker = Child.java(Worker.class);
                var tube = RequestTube.over(worker.socket(), Worker.Job.class, Worker.Result.class)) {
            sortsFiles(tube, 0);
            incrementsMemory(tube);
            greetsThroughATube(tube);
            Workers askers = new Workers();
            for (int i = 0; i < 20; i++) {
                int asker = i;
                askers.start(() -> {
                    for (int k = 0; k < 10; k++) {
                        sortsFiles(tube, asker);
                        incrementsMemory(tube);
                    }
                });
            }
            askers.join();
            worker.endsAfterSaying("[]\n");
        }
    }

    private static void sortsFiles(RequestTube<Worker.Job, Worker.Result> tube, int asker) throws Exception {
        Map<String, OwnedFd> files = new HashMap<>();
        for (String name : List.of("d", "b", "e", "a", "c")) {
            files.put(name, TestFiles.holding(name + asker));
        }
        try {
            var sorted = (Worker.Result.Sorted) tube.request(LONG, new Worker.Job.Sort(files));
            assertThat(sorted.files())
                    .extracting(TestFiles::text)
                    .containsExactly("a" + asker, "b" + asker, "c" + asker, "d" + asker, "e" + asker);
            Descriptors.closeAll(sorted);
        } finally {
            Descriptors.closeAll(files);
        }
    }

    private static void incrementsMemory(RequestTube<Worker.Job, Worker.Result> tube) throws Exception {
        try (SharedMemory memory = SharedMemory.create("tube-test-memory", 100);
                Arena arena = Arena.ofConfined()) {
            memory.addSeals(Seal.SHRINK);
            var bytes = memory.map(arena);
            bytes.set(ValueLayout.JAVA_BYTE, 99, (byte) 41);
            assertThat(tube.request(LONG, new Worker.Job.Increment(memory))).isInstanceOf(Worker.Result.Done.class);
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 42);
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
        }
    }

    private static void greetsThroughATube(RequestTube<Worker.Job, Worker.Result> tube) throws Exception {
        try (TubePair<Worker.Result, Worker.Job> pair = Tube.pair(Worker.Result.class, Worker.Job.class)) {
            tube.request(LONG, new Worker.Job.Greet(pair.first()));
            pair.first().close();
            var greeting = (Worker.Result.Done) pair.second().receive();
            assertThat(greeting.process()).isNotEqualTo(ProcessHandle.current().pid());
            assertThatExceptionOfType(EOFException.class).isThrownBy(pair.second()::receive);
        }
    }

    @Test
    void aWorkerThatIsKilledFailsWhoWaits() throws Exception {
        try (Child worker = Child.java(Worker.class);
                var tube = RequestTube.over(worker.socket(), Worker.Job.class, Worker.Result.class)) {
            sortsFiles(tube, 0);
            worker.kill();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                while (true) {
                    sortsFiles(tube, 0);
                }
            });
        }
    }
}
