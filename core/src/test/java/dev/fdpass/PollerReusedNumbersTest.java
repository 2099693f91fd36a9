package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Threads open, register, send, cancel and close, so that numbers and slots are used again and again, while one thread
 * awaits. Every socket is sent its own number and no other; whatever is reported as readable has it, or is closed.
 */
class PollerReusedNumbersTest {
    private static final long NANOS = Long.getLong("fdpass.stress.seconds", 2) * 1_000_000_000L;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int ENOUGH = 1000;

    private record Client(UnixSeqpacket near, UnixSeqpacket far, int id) {}

    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicLong confused = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final long begin = System.nanoTime();

    @Test
    void noEventIsTakenForThatOfAnother() throws Exception {
        try (Poller<Client> poller = Poller.open(16)) {
            List<Background<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(Background.run(() -> comeAndGo(poller)));
            }
            while (!isOver()) {
                look(poller, poller.await(Duration.ofMillis(10)));
            }
            for (Background<Void> thread : threads) {
                thread.get();
                thread.close();
            }
            while (look(poller, poller.tryAwait())) {
                // Those that had something to receive when the time was over.
            }
            assertThat(poller.tryAwait()).isZero();
        }
        assertThat(confused).hasValue(0);
        assertThat(received.get()).as("received").isGreaterThan(ENOUGH);
    }

    /** After that time, and when enough has been received, for which a machine with other work may need longer. */
    private boolean isOver() {
        long since = System.nanoTime() - begin;
        return since > NANOS && (received.get() > ENOUGH || since > NANOS + PATIENCE_NANOS);
    }

    private boolean look(Poller<Client> poller, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Registration<Client> ready = poller.ready(i);
            if (ready.isReadable()) {
                receive(ready.attachment());
            }
        }
        return count > 0;
    }

    private void receive(Client client) throws IOException {
        try (Received message = client.near.tryReceive(4, 0).orElse(null)) {
            if (message == null) {
                confused.incrementAndGet(); // nobody else receives: what was reported must be there
            } else if (!message.isEndOfStream()) {
                received.incrementAndGet();
                if (message.data().getInt() != client.id) {
                    confused.incrementAndGet();
                }
            }
        } catch (java.nio.channels.ClosedChannelException e) {
            // Closed since it was looked at.
        }
    }

    private Void comeAndGo(Poller<Client> poller) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<Client> clients = new ArrayList<>();
        List<OwnedFd> duplicates = new ArrayList<>();
        try {
            while (!isOver()) {
                if (clients.size() < 20) {
                    SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                    Client client = new Client(pair.first(), pair.second(), ids.incrementAndGet());
                    clients.add(client);
                    poller.register(client.near, Interest.READ, client);
                    continue;
                }
                Client client = clients.get(random.nextInt(clients.size()));
                client.far.trySend(ByteBuffer.allocate(4).putInt(client.id).flip());
                if (random.nextInt(4) == 0) {
                    clients.remove(client);
                    duplicates.add(client.near.asFd().duplicate()); // the open file lives on for a while
                    client.near.close();
                    client.far.close();
                }
                if (duplicates.size() > 20) {
                    duplicates.removeFirst().close();
                }
            }
        } finally {
            for (Client client : clients) {
                client.near.close();
                client.far.close();
            }
            for (OwnedFd duplicate : duplicates) {
                duplicate.close();
            }
        }
        return null;
    }
}
