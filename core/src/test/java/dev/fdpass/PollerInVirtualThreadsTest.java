package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of pollers once more in virtual threads, which park while they await. */
@ExtendWith(InVirtualThread.class)
@DisplayName("L10: a virtual thread awaits as a platform thread does")
class PollerInVirtualThreadsTest {
    @Test
    @DisplayName("L10: these tests are in virtual threads")
    void theseTestsAreInVirtualThreads() {
        assertThat(Thread.currentThread().isVirtual()).isTrue();
    }

    @Nested
    @DisplayName("L10: parked awaits that are woken up, or whose time is over")
    class WakeUps extends PollerWakeUpTest {}

    @Nested
    @DisplayName("L10: parked awaits of a poller that is closed")
    class Closes extends PollerCloseTest {}

    @Nested
    @DisplayName("L10: interests changed while a virtual thread awaits")
    class Interests extends PollerInterestTest {}

    @Nested
    @DisplayName("L10: a server in a virtual thread")
    class Servers extends PollerEchoServerTest {}
}
