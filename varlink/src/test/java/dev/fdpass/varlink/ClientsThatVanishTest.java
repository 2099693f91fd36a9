package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that go at any moment, with descriptors under way in both directions. */
class ClientsThatVanishTest {
    private static final int CLIENTS = 1000;

    private static final List<String> CALLS = List.of(
            "{\"method\":\"org.example.files.Append\",\"parameters\":{\"text_file\":0,\"text\":\"\"}}",
            "{\"method\":\"org.example.files.Append\",\"parameters\":{\"text_file\":2,\"text\":\"\"}}",
            "{\"method\":\"org.example.files.Lines\",\"parameters\":{\"file\":1},\"more\":true}",
            "{\"method\":\"org.example.files.Make\",\"parameters\":{\"count\":20,\"failAtTheEnd\":true},\"more\":true}",
            "{\"method\":\"org.example.files.Watch\",\"more\":true}",
            "{\"method\":\"org.example.files.Open\",\"parameters\":{\"path\":\"/etc/hosts\"}}",
            "{\"method\":\"org.example.files.Talk\",\"parameters\":{\"greeting\":\"hello\"},\"upgrade\":true}",
            "{\"method\":",
            "nonsense");

    @Test
    @DisplayName(
            "R21: whatever a client had sent or was sent when it went, nothing of it stays open; others are served")
    void clientsThatVanish() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Served served = Served.start();
                VarlinkClient neighbour = served.connect();
                OwnedFd file = TestFiles.holding("x")) {
            assertThat(neighbour.info().product()).isEqualTo("Tests"); // so it was accepted
            long before = open();
            for (int i = 0; i < CLIENTS; i++) {
                try (UnixStream client = UnixStream.connect(served.server.localAddress())) {
                    client.setReceiveTimeout(Duration.ofMillis(20)); // perhaps nothing is to come
                    for (int calls = random.nextInt(3); calls >= 0; calls--) {
                        send(client, random, file);
                    }
                    if (random.nextBoolean()) {
                        client.receive(1 + random.nextInt(100), random.nextInt(3))
                                .close();
                    }
                } catch (IOException e) {
                    // It was cut, or has waited.
                }
                if (i % 50 == 0) {
                    neighbour.proxy(Files.class).append(file, "y");
                }
            }
            Waiting.soon(() -> served.server.connections() <= 1 && open() <= before);
            assertThat(served.server.connections()).as("seed " + seed).isEqualTo(1);
            assertThat(open()).as("seed " + seed).isLessThanOrEqualTo(before);
            assertThat(TestFiles.text(file)).isEqualTo("x" + "y".repeat(CLIENTS / 50));
        }
    }

    /** Without those by which threads wait, which come and go. */
    private static long open() {
        return DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(name -> !name.startsWith("anon_inode:"))
                .count();
    }

    private static void send(UnixStream client, Random random, OwnedFd file) throws IOException {
        byte[] bytes = (CALLS.get(random.nextInt(CALLS.size())) + "\0").getBytes(StandardCharsets.UTF_8);
        int length = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes.length) : bytes.length;
        AsFd[] fds = new AsFd[random.nextInt(4)];
        java.util.Arrays.fill(fds, file);
        int unused = client.send(ByteBuffer.wrap(bytes, 0, length), fds);
    }
}
