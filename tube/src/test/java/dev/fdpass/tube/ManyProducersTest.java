package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads send on one tube, and each message comes whole, with its own descriptors. */
class ManyProducersTest {
    private static final int PRODUCERS = 16;
    private static final int MESSAGES = 100;

    @ParameterizedTest
    @EnumSource
    void platformThreads(SocketKind kind) throws Exception {
        manyProduce(kind, Executors.newFixedThreadPool(PRODUCERS));
    }

    @ParameterizedTest
    @EnumSource
    void virtualThreads(SocketKind kind) throws Exception {
        manyProduce(kind, Executors.newVirtualThreadPerTaskExecutor());
    }

    private static void manyProduce(SocketKind kind, ExecutorService threads) throws Exception {
        try (TubePair<ToWorker, FromWorker> pair = kind.tubes(ToWorker.class, FromWorker.class);
                threads) {
            List<Future<?>> producers = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                String name = "producer " + i;
                producers.add(threads.submit((Callable<Void>) () -> {
                    produce(pair.first(), name);
                    return null;
                }));
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
            for (Future<?> producer : producers) {
                producer.get();
            }
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
