package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
        Path source = Files.createDirectories(directory.resolve("source/messages"));
        Files.writeString(source.resolve("Main.java"), MAIN);
        Files.writeString(
                directory.resolve("source/module-info.java"),
                "module user { requires dev.fdpass.tube; " + directive + " }");
        Path classes = directory.resolve("classes");
        // What users get: jspecify is for our compiler alone.
        String modules = Pattern.compile(":")
                .splitAsStream(JavaProgram.modulePath())
                .filter(each -> !each.contains("jspecify"))
                .collect(Collectors.joining(":"));
        assertThat(run(
                        "javac",
                        "-p",
                        modules,
                        "-d",
                        classes.toString(),
                        directory.resolve("source/module-info.java").toString(),
                        source.resolve("Main.java").toString()))
                .isEmpty();
        return run(
                "java", "-p", modules + ":" + classes, "--enable-native-access=dev.fdpass", "-m", "user/messages.Main");
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JavaProgram.tool(tool)));
        command.addAll(List.of(arguments));
        ChildProcess.Result result = ChildProcess.run(command);
        return result.outputOfSuccess() + result.errors();
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
