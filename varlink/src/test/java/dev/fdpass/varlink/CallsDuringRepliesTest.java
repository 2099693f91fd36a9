package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.fdpass.varlink.Files.Line;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls on a connection on which a thread waits for the next of many replies. */
class CallsDuringRepliesTest {
    @Test
    @SuppressWarnings("try") // closing wakes the one that waits
    void theyAreRefusedAtOnceAndDoNotWaitForThatReply() throws Exception {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            client.setRequestTimeout(Duration.ZERO);
            Files files = client.proxy(Files.class);
            try (Replies<Line> lines = files.watch()) {
                assertThat(lines.next()).isPresent();
                Future<Optional<Line>> next = thread.submit(lines::next);
                assertThat(served.files.watched.await(60, TimeUnit.SECONDS)).isTrue();
                Thread.sleep(100); // it waits by now
                assertTimeoutPreemptively(
                        Duration.ofSeconds(60),
                        () -> assertThatThrownBy(() -> files.open("/etc/hosts", Optional.empty()))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("a call with more is being answered"));
                assertThat(next).isNotDone();
                client.close();
                assertThatThrownBy(() -> next.get(60, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(ClosedChannelException.class);
            }
        }
    }
}
