package dev.fdpass.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That nothing was found means something: what there is would be found, and told. */
class FindingTest {
    @Test
    void thePlantedBugIsFoundAndItsInputIsKept(@TempDir Path seeds, @TempDir Path directory)
            throws IOException, InterruptedException {
        Jazzer.Result result = new Jazzer(PlantedBug.class, directory, seeds).run(240); // or until it is found

        assertThat(result.finding())
                .contains("IllegalStateException: the planted bug")
                .contains("at dev.fdpass.fuzz.PlantedBug.fuzzerTestOneInput(PlantedBug.java:")
                .contains("The input is " + directory + "/crash-");
        assertThat(result.executions()).isGreaterThan(1);
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> inputs = files.filter(
                            file -> file.getFileName().toString().startsWith("crash-"))
                    .toList();
            assertThat(inputs)
                    .singleElement()
                    .satisfies(input ->
                            assertThat(Files.readString(input, ISO_8859_1)).startsWith("fdpass"));
        }
    }
}
