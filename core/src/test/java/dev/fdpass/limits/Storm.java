package dev.fdpass.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.testing.CCompiler;
import java.io.File;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A hundred processes that send at once. Each third is killed ({@code SIGKILL}) when it has sent a few messages, which it does
 * without end; the others send a fixed number.
 */
final class Storm implements AutoCloseable {
    static final int SENDERS = 100;

    private static final int MESSAGES = 30;
    private static final int KILLED = 3;
    private static final int SIGKILLED = 128 + 9;
    private static final long PATIENCE_SECONDS = 60;

    private final List<Process> processes = new ArrayList<>();
    private final LongBuffer sent;
    /** How many messages came of each sender, and how many descriptors with them. */
    private final AtomicLongArray messages = new AtomicLongArray(SENDERS);

    private final AtomicLongArray descriptors = new AtomicLongArray(SENDERS);

    Storm(String type, UnixAddress address, Path directory) throws IOException, InterruptedException {
        Path source = Path.of(System.getProperty("basedir", ""), "src/test/c/storm_sender.c");
        Path program = CCompiler.NATIVE.build(source, directory);
        Path ledger = directory.resolve("ledger");
        try (FileChannel file = FileChannel.open(
                ledger, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            sent = file.map(FileChannel.MapMode.READ_WRITE, 0, SENDERS * Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
        }
        try {
            for (int number = 0; number < SENDERS; number++) {
                processes.add(new ProcessBuilder(
                                program.toString(),
                                type,
                                address.toString().substring(1),
                                "" + number,
                                "" + (isKilled(number) ? 0 : MESSAGES),
                                ledger.toString())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    private static boolean isKilled(int number) {
        return number % KILLED == 0;
    }

    /** Checks what came with one message, closes it, and kills the sender if it has lived for long enough. */
    void take(Received received) throws IOException {
        String[] words = UTF_8.decode(received.data()).toString().split(" ", -1);
        int number = Integer.parseInt(words[0]);
        long sequence = Long.parseLong(words[1]);
        assertThat(sequence).as("message of sender %d", number).isEqualTo(messages.get(number));
        assertThat(received.fdCount())
                .as("descriptors of %d %d", number, sequence)
                .isEqualTo(Integer.parseInt(words[2]));
        assertThat(received.isControlTruncated()).isFalse();
        for (int i = 0; i < received.fdCount(); i++) {
            try (OwnedFd fd = received.takeFd(i)) {
                assertThat(fd.info().name())
                        .isEqualTo("/memfd:storm-" + number + "-" + sequence + "-" + i + " (deleted)");
            }
        }
        descriptors.addAndGet(number, received.fdCount());
        if (messages.incrementAndGet(number) == 1 + number / KILLED && isKilled(number)) {
            processes.get(number).destroyForcibly();
        }
    }

    /** Whether all have ended, and so nothing more will be sent. */
    boolean isOver() {
        return processes.stream().noneMatch(Process::isAlive);
    }

    /** Asserts that what came is what was sent, of each. */
    void assertAllCame() throws InterruptedException {
        for (int number = 0; number < SENDERS; number++) {
            assertThat(processes.get(number).waitFor(PATIENCE_SECONDS, SECONDS)).isTrue();
            assertThat(processes.get(number).exitValue()).isEqualTo(isKilled(number) ? SIGKILLED : 0);
            long came = messages.get(number);
            if (isKilled(number)) {
                // The last may have been sent before it was killed, but not noted any more.
                assertThat(came)
                        .as("messages of killed sender %d", number)
                        .isBetween(sent.get(number), sent.get(number) + 1);
            } else {
                assertThat(came)
                        .as("messages of sender %d", number)
                        .isEqualTo(MESSAGES)
                        .isEqualTo(sent.get(number));
            }
            long expected = 0;
            for (long sequence = 0; sequence < came; sequence++) {
                expected += 1 + (number + sequence) % 5;
            }
            assertThat(descriptors.get(number))
                    .as("descriptors of sender %d", number)
                    .isEqualTo(expected);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
