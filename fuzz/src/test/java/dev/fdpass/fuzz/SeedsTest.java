package dev.fdpass.fuzz;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every seed of every fuzz target once, without the fuzzer: what was found before stays mended. */
@DisplayName("Seeds")
class SeedsTest {
    @TestFactory
    Stream<DynamicContainer> targets() throws IOException {
        return FuzzTarget.all().stream()
                .map(target -> dynamicContainer(target.name() + ": " + target.fact(), seeds(target)));
    }

    private static Stream<DynamicTest> seeds(FuzzTarget target) {
        return list(target).stream()
                .map(seed -> dynamicTest(seed.getFileName().toString(), () -> target.run(Files.readAllBytes(seed))));
    }

    private static List<java.nio.file.Path> list(FuzzTarget target) {
        try {
            return target.seeds();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
