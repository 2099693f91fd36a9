package dev.fdpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A named module {@code user} of somebody who uses this library, with one program, {@code messages.Main}. */
public final class UsersModule {
    private UsersModule() {}

    /**
     * Compiles and runs it.
     *
     * @param directory an empty one
     * @param required the module that it requires
     * @param directives what else its {@code module-info.java} says
     * @param main the source of {@code messages.Main}
     * @return what it printed, errors included
     */
    public static String output(Path directory, String required, String directives, String main)
            throws IOException, InterruptedException {
        Path source = Files.createDirectories(directory.resolve("source/messages"));
        Path program = Files.writeString(source.resolve("Main.java"), main);
        Path info = Files.writeString(
                directory.resolve("source/module-info.java"),
                "module user { requires " + required + "; " + directives + " }");
        String classes = directory.resolve("classes").toString();
        // What users get: jspecify is for our compiler alone.
        String modules = Pattern.compile(":")
                .splitAsStream(JavaProgram.modulePath())
                .filter(each -> !each.contains("jspecify"))
                .collect(Collectors.joining(":"));
        assertThat(run("javac", "-parameters", "-p", modules, "-d", classes, info.toString(), program.toString()))
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
}
