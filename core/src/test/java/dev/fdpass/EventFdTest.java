package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.testing.Background;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFdTest {
    private static final long MOST = 0xffff_ffff_ffff_fffeL;

    @Test
    void aReadTakesTheSumOfAllWrites() throws IOException {
        try (EventFd counter = EventFd.create()) {
            counter.write(1);
            counter.write(41);

            assertThat(counter.read()).isEqualTo(42);
            assertThat(counter.tryRead()).isEmpty();
        }
    }

    @Test
    void aReadTakesOneFromASemaphore() throws IOException {
        try (EventFd counter = EventFd.createSemaphore(2)) {
            counter.write(1);

            assertThat(counter.read()).isEqualTo(1);
            assertThat(counter.tryRead()).isEqualTo(OptionalLong.of(1));
            assertThat(counter.read(Duration.ofSeconds(1))).isEqualTo(1);
            assertThat(counter.tryRead()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 0x7fff_ffff_ffff_ffffL, 0x8000_0000_0000_0000L, MOST})
    void valuesAreUnsigned(long value) throws IOException {
        try (EventFd counter = EventFd.create()) {
            counter.write(value);

            assertThat(counter.read()).isEqualTo(value);
        }
    }

    @Test
    void zeroAddsNothing() throws IOException {
        try (EventFd counter = EventFd.create()) {
            counter.write(0);

            assertThat(counter.tryRead()).isEmpty();
        }
    }

    @Test
    void theLargestNumberOfAllIsRefused() throws IOException {
        try (EventFd counter = EventFd.create()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> counter.write(-1))
                    .withMessageContaining("0xffffffffffffffff");
            assertThat(counter.tryRead()).isEmpty();
        }
    }

    @Test
    void theInitialValueHas32Bits() throws IOException {
        try (EventFd counter = EventFd.createSemaphore(0xffff_ffffL)) {
            assertThat(counter.read()).isEqualTo(1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventFd.createSemaphore(1L << 32))
                .withMessageContaining("4294967295");
        assertThatIllegalArgumentException().isThrownBy(() -> EventFd.createSemaphore(-1));
    }

    @Test
    void aReadWaitsForAWrite() throws Exception {
        try (EventFd counter = EventFd.create()) {
            Background<Long> reader = Background.blocked(counter::read);

            counter.write(7);

            assertThat(reader.get()).isEqualTo(7);
        }
    }

    @Test
    void aReadGivesUpWhenItsTimeIsOver() throws IOException {
        try (EventFd counter = EventFd.create()) {
            long before = System.nanoTime();

            assertThatThrownBy(() -> counter.read(Duration.ofMillis(50)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("0.05S");

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
            assertThat(counter.isOpen()).isTrue();
            counter.write(1);
            assertThat(counter.read(Duration.ofMillis(50))).isEqualTo(1);
            assertThatIllegalArgumentException().isThrownBy(() -> counter.read(Duration.ofMillis(-1)));
        }
    }

    @Test
    @DisplayName("L01: close wakes a thread that waits in a read")
    void closeWakesAReader() throws Exception {
        EventFd counter = EventFd.create();
        Background<Long> reader = Background.blocked(counter::read);

        counter.close();

        assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(counter::read).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(counter::tryRead).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> counter.write(1)).isInstanceOf(ClosedChannelException.class);
        assertThat(counter).hasToString("EventFd[fd " + counter.asFd().number() + ", closed]");
    }

    @Test
    @DisplayName("L03: an interrupt wakes a thread that waits in a read, and closes")
    void interruptWakesAReader() throws Exception {
        try (EventFd counter = EventFd.create()) {
            Background<Long> reader = Background.blocked(() -> counter.read(Duration.ofMinutes(1)));

            reader.thread().interrupt();

            assertThat(reader.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(counter.isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, MOST})
    void aWriteThatHasNoRoomWaitsForARead(long value) throws Exception {
        try (EventFd counter = EventFd.create()) {
            counter.write(MOST);
            Background<Void> writer = Background.blocked(() -> {
                counter.write(value);
                return null;
            });

            assertThat(counter.read()).isEqualTo(MOST);

            writer.get();
            assertThat(counter.read()).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5})
    @DisplayName("L01: close wakes a thread that waits in a write, whatever room is left")
    void closeWakesAWriter(long room) throws Exception {
        EventFd counter = EventFd.create();
        counter.write(MOST - room);
        Background<Void> writer = Background.blocked(() -> {
            counter.write(room + 1);
            return null;
        });

        counter.close();

        assertThat(writer.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5})
    @DisplayName("L03: an interrupt wakes a thread that waits in a write, and closes")
    void interruptWakesAWriter(long room) throws Exception {
        try (EventFd counter = EventFd.create()) {
            counter.write(MOST - room);
            Background<Void> writer = Background.blocked(() -> {
                counter.write(room + 1);
                return null;
            });

            writer.thread().interrupt();

            assertThat(writer.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(counter.isOpen()).isFalse();
        }
    }

    @Test
    void aDuplicateIsTheSameCounter() throws IOException {
        try (EventFd counter = EventFd.create();
                EventFd other = EventFd.adopt(counter.asFd().duplicate())) {
            counter.write(3);

            assertThat(other.read()).isEqualTo(3);
        }
    }

    @Test
    void nothingElseIsAdopted() throws IOException {
        try (OwnedFd file = OwnedFd.open(Path.of("/dev/null"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EventFd.adopt(file))
                    .withMessageContaining("/dev/null")
                    .withMessageContaining("an eventfd is needed");
            assertThat(file.isOpen()).isTrue();
        }
    }

    @Test
    @DisplayName("R18: waiting and trying change no status flag of the open file description")
    void statusFlagsStayAsTheyWere() throws Exception {
        try (EventFd counter = EventFd.create()) {
            long flags = Descriptors.getStatusFlags(counter.asFd().number());
            assertThat(flags & FileConstants.O_NONBLOCK).isZero();
            assertThat(counter.tryRead()).isEmpty();
            Background<Long> reader = Background.blocked(counter::read);

            assertThat(Descriptors.getStatusFlags(counter.asFd().number())).isEqualTo(flags);
            counter.write(1);
            reader.get();
            assertThat(Descriptors.getStatusFlags(counter.asFd().number())).isEqualTo(flags);
        }
    }

    @Test
    void aWriteThatHasNoRoomGivesUp() throws IOException {
        try (EventFd event = EventFd.create(7)) {
            assertThat(event.tryWrite(-3)).isFalse();
            assertThat(event.tryWrite(1)).isTrue();
            assertThat(event.read()).isEqualTo(8);
            event.write(-2);
            assertThat(event.tryWrite(1)).isFalse();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> event.write(1, Duration.ofMillis(20)));
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> event.write(5, Duration.ofMillis(20)));
            assertThat(event.read()).isEqualTo(-2);
        }
    }
}
