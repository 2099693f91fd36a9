package dev.fdpass.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.Python;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrnoTextsAreThoseOfStrerrorTest {
    @Test
    void all() throws Exception {
        List<Integer> numbers = Stream.of(Errno.values()).map(Errno::number).toList();
        String theirs = Python.run("""
                import os, sys
                for number in sys.argv[1:]:
                    print(os.strerror(int(number)))
                """, numbers.toArray()).outputOfSuccess();

        assertThat(Stream.of(Errno.values()).map(Errno::text))
                .containsExactlyElementsOf(theirs.lines().toList());
    }

    @Test
    void numbersLeadBackToTheError() {
        assertThat(Errno.values())
                .allSatisfy(errno -> assertThat(Errno.of(errno.number())).isSameAs(errno));
    }

    @Test
    void aNumberThatNobodyKnowsIsNoError() {
        assertThat(Errno.of(0)).isNull();
        assertThat(Errno.of(-1)).isNull();
        assertThat(Errno.of(134)).isNull();
        assertThat(Errno.of(Integer.MAX_VALUE)).isNull();
    }
}
