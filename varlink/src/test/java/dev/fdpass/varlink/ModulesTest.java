package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.UsersModule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module opens its interfaces and records to this one, and needs to know of no other; one that does not is told. */
class ModulesTest {
    private static final String MAIN = """
            package messages;
            import dev.fdpass.*;
            import dev.fdpass.varlink.*;
            import java.io.IOException;
            import java.nio.file.Path;
            import java.util.*;
            public class Main {
                @VarlinkInterface("org.example.files")
                interface Files {
                    Opened open(List<Wanted> all) throws IOException;
                    record Wanted(String path) {}
                    record Opened(OwnedFd file) {}
                }
                public static void main(String[] arguments) throws Exception {
                    try {
                        var service = VarlinkService.builder("v", "p", "1", "u")
                                .add(Files.class, all -> new Files.Opened(OwnedFd.open(Path.of(all.get(0).path()))))
                                .build();
                        var pair = UnixStream.pair();
                        Thread thread = Thread.ofVirtual().start(() -> {
                            try {
                                service.serve(pair.second());
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
                        try (var client = VarlinkClient.over(pair.first());
                                var file = client.proxy(Files.class)
                                        .open(List.of(new Files.Wanted("/dev/null")))
                                        .file()) {
                            System.out.print(file.isOpen());
                        }
                        thread.join();
                    } catch (IllegalArgumentException e) {
                        System.out.print(e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private String outputWith(String directive) throws Exception {
        return UsersModule.output(directory, "dev.fdpass.varlink", directive, MAIN);
    }

    @Test
    void openToThisModuleIsEnough() throws Exception {
        assertThat(outputWith("opens messages to dev.fdpass.varlink;")).isEqualTo("true");
    }

    @Test
    void oneThatIsNotOpenIsToldWhatToAdd() throws Exception {
        assertThat(outputWith(""))
                .matches("messages\\.Main\\$Files\\$?\\w* may not be read;"
                        + " add \"opens messages to dev\\.fdpass\\.varlink;\" to the module user");
    }

    @Test
    void openToJacksonAloneIsNotEnoughSinceWhatIsSentIsClosed() throws Exception {
        assertThat(outputWith("opens messages to com.fasterxml.jackson.databind;"))
                .contains("add \"opens messages to dev.fdpass.varlink;\" to the module user");
    }
}
