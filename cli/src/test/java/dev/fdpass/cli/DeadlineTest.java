package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.UnixAddress;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final UnixAddress ADDRESS = UnixAddress.of("@somewhere");

    /** As on a machine that is so busy that the time is over before the first attempt. */
    private final Deadline over = Deadline.in(Duration.ofNanos(1));

    @Test
    void oneThatIsOverStillLooksWhetherSomebodyListens() throws Exception {
        List<Duration> times = new ArrayList<>();
        assertThatThrownBy(() -> over.onceSomebodyListens(ADDRESS, "a place in the queue", left -> {
                    times.add(left);
                    throw new ConnectException("nobody");
                }))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageEndingWith("waiting for somebody who listens at " + ADDRESS);
        assertThat(times).containsExactly(Duration.ofNanos(1));
        assertThat(over.<String>onceSomebodyListens(ADDRESS, "a place", left -> "connected"))
                .isEqualTo("connected");
    }

    @Test
    void aFullQueueIsSaidToBeWhatWasWaitedFor() {
        assertThatThrownBy(() -> over.onceSomebodyListens(ADDRESS, "a place in the queue", left -> {
                    throw new SocketTimeoutException("full");
                }))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageEndingWith("waiting for a place in the queue");
    }
}
