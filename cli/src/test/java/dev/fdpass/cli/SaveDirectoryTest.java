package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaveDirectoryTest {
    @ParameterizedTest
    @CsvSource({
        "/a/b.txt, b.txt",
        "/a/b.txt (deleted), b.txt",
        "/memfd:frames (deleted), frames",
        "/memfd:a/../../b (deleted), b",
        "/memfd: (deleted), file",
        "/memfd:.. (deleted), file",
        "/a/.., file",
        "/a/., file",
        "/a/, file",
        "'', file"
    })
    void takesTheLastPartOfANameOnly(String path, String name) {
        assertThat(SaveDirectory.name(path)).isEqualTo(name);
    }
}
