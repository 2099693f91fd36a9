package dev.fdpass.examples.sharedring.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private final Arena arena = Arena.ofAuto();
    private final Payload payload = new Payload(arena);

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 1024, 1032, 4096, 65536, 1 << 20})
    void aMessageIsWhatItWasWhenItWasSent(int size) throws IOException {
        MemorySegment message = payload.message(arena, size);
        for (long sequence : new long[] {0, 1, 2, 1000, 1 << 20}) {
            Payload.stamp(message, sequence);
            payload.check(message, sequence);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 1024, 4096, 1 << 20})
    void anotherMessageIsNoticed(int size) {
        MemorySegment message = payload.message(arena, size);
        Payload.stamp(message, 7);
        assertThatThrownBy(() -> payload.check(message, 8)).isInstanceOf(IOException.class);
    }

    @Test
    void aPartOfAnotherMessageIsNoticed() {
        MemorySegment message = payload.message(arena, 1 << 16);
        MemorySegment other = payload.message(arena, 1 << 16);
        Payload.stamp(message, 7);
        Payload.stamp(other, 6);
        MemorySegment.copy(other, 40 << 10, message, 40 << 10, 1024);
        assertThatThrownBy(() -> payload.check(message, 7)).hasMessageContaining("at byte " + (40 << 10));
    }

    @Test
    void whatIsShiftedIsNoticed() {
        MemorySegment message = payload.message(arena, 1 << 16);
        Payload.stamp(message, 7);
        MemorySegment.copy(message, 0, message, 1024, 1024);
        assertThatThrownBy(() -> payload.check(message, 7)).hasMessageContaining("at byte 1024");
    }

    @ParameterizedTest
    @ValueSource(ints = {2056, 3000, 3071})
    void aWrongByteIsNoticedInThePlaceThatIsLookedAtThisTime(int offset) {
        MemorySegment message = payload.message(arena, 4096);
        Payload.stamp(message, 6); // 6 mod 4 blocks
        message.set(ValueLayout.JAVA_BYTE, offset, (byte) ~message.get(ValueLayout.JAVA_BYTE, offset));
        assertThatThrownBy(() -> payload.check(message, 6)).hasMessageContaining("wrong at byte " + offset);
    }
}
