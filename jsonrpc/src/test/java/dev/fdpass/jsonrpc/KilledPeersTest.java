package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.testing.Workers;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that are killed in the middle of everything leave no descriptor behind. */
@ExtendWith(NothingForgotten.class)
class KilledPeersTest {
    private static final int KILLS = 15;
    /** Where peers get so little time that they hardly call or answer before they are killed, there are more. */
    private static final int MOST_KILLS = 20 * KILLS;

    /** Calls with many descriptors as fast as it can, answers with some, in pieces. */
    private static final String BUSY = """
            import random, threading
            chance = random.Random(int(sys.argv[2]))
            lock = threading.Lock()
            mine = files(300)
            def call():
                for id in range(1000000):
                    n = chance.randrange(280)
                    with lock:
                        request(id, "files", fds=mine[:n])
            threading.Thread(target=call, daemon=True).start()
            while True:
                message, fds = receive()
                close(fds)
                if message is None:
                    break
                if "method" in message:
                    with lock:
                        send({"jsonrpc": "2.0", "result": len(fds), "id": message["id"]}, mine[:len(fds)])
            """;

    @Test
    void nothingIsLeftOfThem() throws Exception {
        Random random = new Random(6);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        Methods methods = Methods.none().on("files", call -> {
            calls.incrementAndGet();
            List<OwnedFd> all = call.takeFds();
            for (int i = 0; i < all.size(); i++) {
                if (i % 2 == 0) {
                    call.giveFd(all.get(i));
                } else {
                    all.get(i).close();
                }
            }
            return all.size();
        });
        JsonRpcOptions options = JsonRpcOptions.DEFAULT
                .frameLimits(JsonRpcOptions.DEFAULT.frameLimits().maxFds(300))
                .maxRunningCalls(4)
                .maxWaitingCalls(4);
        List<OwnedFd> files = TestFiles.numbered(5);
        int kills = 0;
        while (kills < KILLS || (kills < MOST_KILLS && (calls.get() <= KILLS || answers.get() <= KILLS))) {
            int before = calls.get() + answers.get();
            try (PythonPeer python = PythonJsonRpc.start(BUSY, Integer.toString(kills));
                    JsonRpcConnection connection = JsonRpcConnection.over(python.socket(), methods, options)) {
                Workers workers = new Workers();
                for (int j = 0; j < 4; j++) {
                    workers.start(() -> {
                        while (connection.isOpen()) {
                            try (Reply reply = connection.request(
                                    Duration.ofSeconds(20), "count", null, files.toArray(OwnedFd[]::new))) {
                                assertThat(reply.fdCount()).isEqualTo(5);
                                answers.incrementAndGet();
                            } catch (IOException e) {
                                // Killed in the middle. With one processor, who fails at once and never parks would
                                // keep others from finding the end.
                                LockSupport.parkNanos(10_000);
                            }
                        }
                    });
                }
                Waiting.until("a call or an answer", () -> calls.get() + answers.get() > before);
                TimeUnit.MILLISECONDS.sleep(150 + random.nextInt(100));
                python.kill();
                workers.join();
                Pair.awaitEnd(connection);
                TestFiles.awaitOpen(5);
            }
            kills++;
        }
        TestFiles.close(files);
        assertThat(calls).as("calls in all").hasValueGreaterThan(KILLS);
        assertThat(answers).as("answers in all").hasValueGreaterThan(KILLS);
        System.out.println("killed peers: " + kills + ", calls: " + calls + ", answers: " + answers);
    }
}
