package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.UsersModule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module opens its messages to this one, and needs to know of no other; one that does not is told. */
class ModulesTest {
    private static final String MAIN = """
            package messages;
            import dev.fdpass.*;
            import dev.fdpass.tube.*;
            import java.nio.file.Path;
            import java.util.*;
            public class Main {
                sealed interface M {}
                record Open(OwnedFd file, Optional<String> name) implements M {}
                public static void main(String[] arguments) throws Exception {
                    try (var pair = Tube.pair(M.class, M.class);
                            var file = OwnedFd.open(Path.of("/etc/hosts"))) {
                        pair.first().send(new Open(file, Optional.of("hosts")));
                        var received = pair.second().receive();
                        System.out.print(received.getClass().getSimpleName() + " " + Descriptors.in(received).size());
                        Descriptors.closeAll(received);
                    } catch (IllegalArgumentException e) {
                        System.out.print(e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private String outputWith(String directive) throws Exception {
        return UsersModule.output(directory, "dev.fdpass.tube", directive, MAIN);
    }

    @Test
    void openToThisModuleIsEnough() throws Exception {
        assertThat(outputWith("opens messages to dev.fdpass.tube;")).isEqualTo("Open 1");
    }

    @Test
    void oneThatIsNotOpenIsToldWhatToAdd() throws Exception {
        assertThat(outputWith("exports messages;"))
                .isEqualTo("Open: messages.Main$Open may not be read;"
                        + " add \"opens messages to dev.fdpass.tube;\" to the module user");
    }
}
