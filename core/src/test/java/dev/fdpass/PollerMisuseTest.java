package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.EpollEntries;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link Poller} refuses, and how it says so. */
@SuppressWarnings("try") // closing is what is tested
class PollerMisuseTest {
    @ParameterizedTest
    @EnumSource(Interest.class)
    void aClosedDescriptor(Interest interest) throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            event.close();
            assertThatThrownBy(() -> poller.register(event, interest, "it"))
                    .isExactlyInstanceOf(ClosedChannelException.class);
            assertThat(poller.tryAwait()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Interest.class)
    void aDescriptorThatIsRegisteredAlready(Interest interest) throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            poller.register(event, interest, "first");
            assertThatIllegalStateException()
                    .isThrownBy(() -> poller.register(event.asFd(), Interest.READ, "another view of it"))
                    .withMessageContaining("descriptor " + event.asFd().number())
                    .withMessageContaining("already");
        }
    }

    @Test
    void aNumberWithTwoOwners() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            OwnedFd mistake = OwnedFd.adopt(event.asFd().number());
            poller.register(event, Interest.READ, "first");
            assertThatIllegalStateException()
                    .isThrownBy(() -> poller.register(mistake, Interest.READ, "second"))
                    .withMessageContaining("has another owner");
            assertThat(poller.await()).isEqualTo(1);
            assertThat(poller.ready(0).attachment()).isEqualTo("first");
            mistake.detach();
        }
    }

    @Test
    void whatIsAlwaysReady(@TempDir Path directory) throws IOException {
        try (Poller<String> poller = Poller.open();
                OwnedFd file = OwnedFd.open(Files.createFile(directory.resolve("file")));
                OwnedFd folder = OwnedFd.open(directory);
                SharedMemory memory = SharedMemory.create("memory", 1)) {
            for (AsFd fd : new AsFd[] {file, folder, memory}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> poller.register(fd, Interest.READ, "it"))
                        .withMessageContaining("descriptor " + fd.asFd().number())
                        .withMessageContaining("always ready");
            }
            Registration<String> resting = poller.register(file, Interest.NONE, "it");
            assertThatIllegalArgumentException().isThrownBy(() -> resting.setInterest(Interest.READ));
            assertThat(resting.interest()).isEqualTo(Interest.NONE);
            assertThat(EpollEntries.numbers(poller)).isEmpty();
        }
    }

    @Test
    void changingWhatHasEnded() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            Registration<String> registration = poller.register(event, Interest.READ, "it");
            registration.cancel();
            assertThatIllegalStateException()
                    .isThrownBy(() -> registration.setInterest(Interest.WRITE))
                    .withMessageContaining("cancelled");
            Registration<String> next = poller.register(event, Interest.READ, "it");
            event.close();
            assertThatThrownBy(() -> next.setInterest(Interest.WRITE))
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void nothing() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create()) {
            assertThatNullPointerException().isThrownBy(() -> poller.register(null, Interest.READ, "it"));
            assertThatNullPointerException().isThrownBy(() -> poller.register(event, null, "it"));
            assertThatNullPointerException().isThrownBy(() -> poller.register(event, Interest.READ, null));
            Registration<String> registration = poller.register(event, Interest.READ, "it");
            assertThatNullPointerException().isThrownBy(() -> registration.setInterest(null));
            assertThat(registration.interest()).isEqualTo(Interest.READ);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, (1 << 20) + 1, Integer.MAX_VALUE})
    void roomForFewerThanOneOrForTooMany(int maxReady) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Poller.open(maxReady))
                .withMessageContaining("1 to 1048576");
    }
}
