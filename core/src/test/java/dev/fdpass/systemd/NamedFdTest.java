package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.EventFd;
import org.junit.jupiter.api.Test;

class NamedFdTest {
    @Test
    void namesFollowTheRulesOfSystemd() {
        assertThat(NamedFd.isValidName("")).isTrue();
        assertThat(NamedFd.isValidName(" ~")).isTrue();
        assertThat(NamedFd.isValidName("x".repeat(255))).isTrue();
        assertThat(NamedFd.isValidName("x".repeat(256))).isFalse();
        assertThat(NamedFd.isValidName("a:b")).isFalse();
        assertThat(NamedFd.isValidName("a\nb")).isFalse();
        assertThat(NamedFd.isValidName("\u007f")).isFalse();
        assertThat(NamedFd.isValidName("é")).isFalse();
    }

    @Test
    void aNameThatIsNoneIsRefused() throws Exception {
        try (EventFd bell = EventFd.create()) {
            assertThatThrownBy(() -> new NamedFd("a:b\n", bell))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the name of a descriptor is \"a:b\\u000a\", 4 characters; it must have at most 255, all of"
                                    + " printable ASCII and none of them ':'");
        }
    }

    /** As those that come without names. */
    @Test
    void withoutANameItIsUnknown() throws Exception {
        try (EventFd bell = EventFd.create()) {
            assertThat(NamedFd.unnamed(bell)).isEqualTo(new NamedFd("unknown", bell));
        }
    }
}
