package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads send on one tube, and each message comes whole, with its own descriptors. */
class ManyProducersTest {
    private static final int PRODUCERS = 16;
    private static final int MESSAGES = 100;

    @ParameterizedTest
    @EnumSource
    void platformThreads(SocketType kind) throws Exception {
        manyProduce(kind, Thread.ofPlatform());
    }

    @ParameterizedTest
    @EnumSource
    void virtualThreads(SocketType kind) throws Exception {
        manyProduce(kind, Thread.ofVirtual());
    }

    private static void manyProduce(SocketType kind, Thread.Builder threads) throws Exception {
        try (TubePair<ToWorker, FromWorker> pair = ConnectedTubes.over(kind, ToWorker.class, FromWorker.class)) {
            Workers producers = new Workers();
            for (int i = 0; i < PRODUCERS; i++) {
                String name = "producer " + i;
                producers.start(threads, () -> produce(pair.first(), name));
            }
            Map<String, Integer> next = new HashMap<>();
            for (int i = 0; i < PRODUCERS * MESSAGES; i++) {
                ToWorker.Open message = (ToWorker.Open) pair.second().receive();
                int number = next.merge(message.name(), 1, Integer::sum) - 1;
                assertThat(TestFiles.text(message.file())).isEqualTo(message.name() + ", message " + number);
                assertThat(message.more()).hasSize(number % 3);
                for (Map.Entry<String, OwnedFd> each : message.more().entrySet()) {
                    assertThat(TestFiles.text(each.getValue())).isEqualTo(each.getKey());
                }
                Descriptors.closeAll(message);
            }
            producers.join();
            assertThat(next).hasSize(PRODUCERS).containsValue(MESSAGES);
        }
    }

    private static void produce(Tube<ToWorker, FromWorker> tube, String name) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            Map<String, OwnedFd> more = new HashMap<>();
            OwnedFd file = TestFiles.holding(name + ", message " + i);
            ToWorker.Open message = new ToWorker.Open(name, file, more);
            for (int k = 0; k < i % 3; k++) {
                String key = name + " key " + k;
                more.put(key, TestFiles.holding(key));
            }
            tube.send(message);
            Descriptors.closeAll(message);
        }
    }
}
