package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many threads ask on one connection, in both directions; each gets its own answer with its own descriptor. */
@ExtendWith(NothingForgotten.class)
class ManyThreadsTest {
    private static final Methods ECHO = Methods.none().on("echo", call -> {
        String text;
        try (OwnedFd file = call.takeFd(0)) {
            text = TestFiles.takeText(file.duplicate());
            call.giveFd(file.duplicate());
        }
        return List.of(call.params().get(0), text);
    });

    @Test
    void everyThreadGetsItsOwnAnswer() throws Exception {
        try (Pair pair = Pair.of(ECHO, ECHO, JsonRpcOptions.DEFAULT)) {
            Workers workers = new Workers();
            for (int i = 0; i < 100; i++) {
                String name = "worker " + i;
                JsonRpcConnection connection = i % 2 == 0 ? pair.first() : pair.second();
                workers.start(i % 10 == 0 ? Thread.ofPlatform() : Thread.ofVirtual(), () -> {
                    for (int j = 0; j < 20; j++) {
                        ask(connection, name + "." + j);
                    }
                });
            }
            workers.join();
            TestFiles.awaitOpen(0);
        }
    }

    private static void ask(JsonRpcConnection connection, String text) throws Exception {
        try (OwnedFd file = TestFiles.holding(text);
                Reply reply = connection.request("echo", List.of(text), file)) {
            assertThat(reply.result().get(0).textValue()).isEqualTo(text);
            assertThat(reply.result().get(1).textValue()).isEqualTo(text);
            assertThat(TestFiles.takeText(reply.takeFd(0))).isEqualTo(text);
        }
    }

    @Test
    void aThousandVirtualThreadsWaitAtTheSameTime() throws Exception {
        try (Pair pair =
                Pair.of(ECHO, ECHO, JsonRpcOptions.DEFAULT.maxRunningCalls(8).maxWaitingCalls(2000))) {
            Workers workers = new Workers();
            for (int i = 0; i < 1000; i++) {
                String name = "worker " + i;
                workers.start(() -> ask(pair.first(), name));
            }
            workers.join();
            TestFiles.awaitOpen(0);
        }
    }

    @Test
    void oneCallAtATimeKeepsTheirOrder() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger running = new AtomicInteger();
        Methods methods = Methods.none().on("next", call -> {
            assertThat(running.incrementAndGet()).isEqualTo(1);
            order.add(call.params().get(0).intValue());
            Thread.sleep(1);
            running.decrementAndGet();
            return null;
        });
        JsonRpcOptions options = JsonRpcOptions.DEFAULT.maxRunningCalls(1).maxWaitingCalls(5);
        try (Pair pair = Pair.of(Methods.none(), methods, options)) {
            for (int i = 0; i < 100; i++) {
                pair.first().notify("next", List.of(i));
            }
            pair.first().request("next", List.of(100)).close();
        }
        assertThat(order).hasSize(101).isSorted();
    }
}
