package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void aPeerCannotCommandTheTerminal() {
        assertThat(Printable.of("a\u001b[2Jb\nc\u009bd\u202e")).isEqualTo("a\\u001b[2Jb\\u000ac\\u009bd\\u202e");
    }

    @Test
    void norHideTextInCharactersThatTakeTwoChars() {
        assertThat(Printable.of("a\udb40\udc41b")).isEqualTo("a\\udb40\\udc41b");
        assertThat(Printable.of("\u001b\ud83e\udd80")).isEqualTo("\\u001b\ud83e\udd80");
    }

    @Test
    void textStaysAsItIs() {
        assertThat(Printable.of("wörld @|bold x|@ ✓")).isEqualTo("wörld @|bold x|@ ✓");
    }
}
