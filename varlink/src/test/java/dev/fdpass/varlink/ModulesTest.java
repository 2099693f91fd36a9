package dev.fdpass.varlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
        Path source = Files.createDirectories(directory.resolve("source/messages"));
        Files.writeString(source.resolve("Main.java"), MAIN);
        Files.writeString(
                directory.resolve("source/module-info.java"),
                "module user { requires dev.fdpass.varlink; " + directive + " }");
        Path classes = directory.resolve("classes");
        // What users get: jspecify is for our compiler alone.
        String modules = Pattern.compile(":")
                .splitAsStream(System.getProperty("jdk.module.path"))
                .filter(each -> !each.contains("jspecify"))
                .collect(Collectors.joining(":"));
        assertThat(run(
                        "javac",
                        "-parameters",
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
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
