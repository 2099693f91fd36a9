package dev.fdpass;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads read and write through descriptors that others close under their hands, while still others open and close
 * files as fast as they can, so that a closed number means another file at once.
 */
@DisplayName("L02: an operation meets its own file or an exception, never the file that has the number now")
class ClosingNeverTouchesForeignFilesTest {
    private static final int SLOTS = 4;
    private static final int USERS = 3;
    private static final long LEAST_NANOS = 2_000_000_000;
    private static final long MOST_NANOS = 60_000_000_000L;
    private static final int LEAST_REPLACED = 1_000;
    private static final int SIZE = 64;

    @TempDir
    private Path directory;

    /** A descriptor in use by several threads, and the number that every byte of its file has. */
    private record Shared(OwnedFd fd, byte token) {}

    private final List<AtomicReference<Shared>> slots = new ArrayList<>();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong replaced = new AtomicLong();
    private final AtomicLong foreignOpened = new AtomicLong();
    private volatile boolean stop;

    @Test
    void underLoad() throws Exception {
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new AtomicReference<>(open(i)));
        }
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Void>> results = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                results.add(start(threads, this::use));
            }
            results.add(start(threads, this::replace));
            results.add(start(threads, this::openAndCloseForeignFiles));
            goOn();
            stop = true;
            for (Future<Void> result : results) {
                rethrow(result);
            }
        }
        for (AtomicReference<Shared> slot : slots) {
            slot.get().fd().close();
        }

        for (int i = 0; i < SLOTS; i++) {
            assertThat(Files.readAllBytes(file(i))).hasSize(SIZE).containsOnly(token(i));
        }
        assertThat(foreign()).hasContent("foreign");
        assertThat(foreignOpened).as("files opened and closed beside").hasPositiveValue();
        assertThat(operations).as("operations that met their file").hasPositiveValue();
        assertThat(refused).as("operations that met a closed descriptor").hasPositiveValue();
        assertThat(replaced).as("descriptors closed under their users' hands").hasValueGreaterThan(LEAST_REPLACED);
    }

    /** For a while, and until all has been seen: on a machine with other work that may take longer. */
    private void goOn() throws InterruptedException {
        long begin = System.nanoTime();
        while (!stop && System.nanoTime() - begin < (hasMetAll() ? LEAST_NANOS : MOST_NANOS)) {
            Thread.sleep(10);
        }
    }

    private boolean hasMetAll() {
        return operations.get() > 0 && refused.get() > 0 && replaced.get() > LEAST_REPLACED && foreignOpened.get() > 0;
    }

    private Future<Void> start(ExecutorService threads, Callable<Void> task) {
        return threads.submit(() -> {
            try {
                return task.call();
            } finally {
                stop = true; // whoever fails ends it for all
            }
        });
    }

    private static void rethrow(Future<Void> result) throws Exception {
        try {
            result.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private Void use() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        for (int round = 0; !stop; round++) {
            Shared shared = slots.get(round % SLOTS).get();
            try {
                buffer.clear();
                if (round % 3 == 0) {
                    while (buffer.hasRemaining()) {
                        buffer.put(shared.token());
                    }
                    shared.fd().write(buffer.flip(), 0);
                } else if (round % 3 == 1) {
                    assertThat(shared.fd().size()).isEqualTo(SIZE);
                } else {
                    assertThat(shared.fd().read(buffer, 0)).isEqualTo(SIZE);
                    for (int i = 0; i < SIZE; i++) {
                        assertThat(buffer.get(i)).isEqualTo(shared.token());
                    }
                }
                operations.incrementAndGet();
            } catch (ClosedChannelException e) {
                refused.incrementAndGet();
            }
        }
        return null;
    }

    private Void replace() throws IOException {
        for (int round = 0; !stop; round++) {
            int slot = round % SLOTS;
            Shared old = slots.get(slot).getAndSet(open(slot));
            old.fd().close();
            replaced.incrementAndGet();
        }
        return null;
    }

    private Void openAndCloseForeignFiles() throws IOException {
        Files.writeString(foreign(), "foreign");
        while (!stop) {
            OwnedFd first = OwnedFd.open(foreign(), READ, WRITE);
            try (OwnedFd second = OwnedFd.open(foreign(), READ, WRITE)) {
                assertThat(second.size()).isEqualTo("foreign".length());
            }
            first.close();
            foreignOpened.incrementAndGet();
        }
        return null;
    }

    private Shared open(int slot) throws IOException {
        Path file = file(slot);
        if (!Files.exists(file)) {
            byte[] content = new byte[SIZE];
            Arrays.fill(content, token(slot));
            Files.write(file, content);
        }
        return new Shared(OwnedFd.open(file, READ, WRITE), token(slot));
    }

    private static byte token(int slot) {
        return (byte) ('A' + slot);
    }

    private Path file(int slot) {
        return directory.resolve("own" + slot);
    }

    private Path foreign() {
        return directory.resolve("foreign");
    }
}
