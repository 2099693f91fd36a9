package dev.fdpass.jsonrpc;

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

/** A user's module opens its records to this one, and needs to know of no other; one that does not is told. */
class ModulesTest {
    private static final String MAIN = """
            package messages;
            import dev.fdpass.*;
            import dev.fdpass.jsonrpc.*;
            import java.util.*;
            public class Main {
                record Inner(int number) {}
                record Params(Inner inner) {}
                public static void main(String[] arguments) throws Exception {
                    try {
                        Methods methods = Methods.none()
                                .on("echo", Params.class, (params, call) -> List.of(params.inner()));
                        System.out.print(askedOf(methods));
                    } catch (IllegalArgumentException e) {
                        System.out.print(e.getMessage() + "; ");
                        System.out.print(askedOf(Methods.none().on("echo", call -> call.params())));
                    }
                }

                static Object askedOf(Methods methods) throws Exception {
                    var pair = UnixStream.pair();
                    try (var server = JsonRpcConnection.over(pair.second(), methods);
                            var client = JsonRpcConnection.over(pair.first());
                            var reply = client.request("echo", Map.of("inner", new Inner(3)))) {
                        return reply.result();
                    } catch (IllegalArgumentException e) {
                        return e.getMessage().lines().findFirst().get();
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
                "module user { requires dev.fdpass.jsonrpc; " + directive + " }");
        Path classes = directory.resolve("classes");
        // What users get: jspecify is for our compiler alone.
        String modules = Pattern.compile(":")
                .splitAsStream(System.getProperty("jdk.module.path"))
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
        assertThat(outputWith("opens messages to dev.fdpass.jsonrpc;")).isEqualTo("[{\"number\":3}]");
    }

    @Test
    void openToJacksonAloneIsAlsoEnough() throws Exception {
        assertThat(outputWith("opens messages to com.fasterxml.jackson.databind;"))
                .isEqualTo("[{\"number\":3}]");
    }

    @Test
    void oneThatIsNotOpenIsToldWhatToAdd() throws Exception {
        String told = " may not be read; add \"opens messages to dev.fdpass.jsonrpc;\" to the module user";
        assertThat(outputWith("exports messages;"))
                .startsWith("messages.Main$Params" + told + "; messages.Main$Inner" + told);
    }
}
