package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Background;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is tested of waiting in platform threads, once more in virtual threads: the tests are those of the superclasses. */
@ExtendWith(InVirtualThread.class)
@DisplayName("L10: a virtual thread waits as a platform thread does")
class WaitingInVirtualThreadsTest {
    @Test
    @DisplayName("L10: these tests, and what they start in the background, are in virtual threads")
    void theseTestsAreInVirtualThreads() throws Exception {
        assertThat(Thread.currentThread().isVirtual()).isTrue();
        try (Background<Boolean> background =
                Background.run(() -> Thread.currentThread().isVirtual())) {
            assertThat(background.get()).isTrue();
        }
    }

    @Nested
    @DisplayName("L10: close wakes a parked thread")
    class CloseWakes extends CloseWakesTest {}

    @Nested
    @DisplayName("L10: an interrupt wakes a parked thread")
    class Interrupts extends InterruptTest {}

    @Nested
    @DisplayName("L10: timeouts of parked threads")
    class Timeouts extends TimeoutsTest {}

    @Nested
    @DisplayName("L10: events awaited in parked threads")
    class Events extends EventFdTest {}

    @Nested
    @DisplayName("L10: the end of a process awaited in virtual threads")
    class Processes extends PidFdTest {}

    @Nested
    @DisplayName("L10: pipes read and written in virtual threads")
    class Pipes extends OwnedFdOnPipesTest {}

    @Nested
    @DisplayName("L10: devices, which epoll may refuse, read and written in virtual threads")
    class Devices extends OwnedFdOnDevicesTest {}

    @Nested
    @DisplayName("L10: datagrams, whose receiver may be full, in virtual threads")
    class Datagrams extends DatagramTest {}

    @Nested
    @DisplayName("L10: streams in virtual threads")
    class Streams extends StreamTest {}

    @Nested
    @DisplayName("L10: a message that goes in parts, in virtual threads")
    class PartlySentMessages extends PartlySentMessageTest {}

    @Nested
    @DisplayName("L10: the end of a connection in virtual threads")
    class Ends extends ShutdownTest {}

    @Nested
    @DisplayName("L10: listeners in virtual threads")
    class Listeners extends ListenerTest {}
}
