package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DuplicateOfTest {
    @Test
    void isAnotherNumberForTheSameOpenFile() throws Exception {
        try (OwnedFd owned = OwnedFd.open(Path.of("/etc/passwd"))) {
            OwnedFd duplicate = OwnedFd.duplicateOf(owned.number());
            try (duplicate) {
                assertThat(duplicate.number()).isNotEqualTo(owned.number());
                owned.position(3);
                assertThat(duplicate.position()).isEqualTo(3);
            }
            assertThat(owned.position()).isEqualTo(3);
        }
    }

    @Test
    void aNumberThatIsNotOpenIsAnError() {
        assertThatThrownBy(() -> OwnedFd.duplicateOf(100_000))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EBADF"));
    }
}
