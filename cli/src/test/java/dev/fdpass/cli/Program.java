package dev.fdpass.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.signals.CtrlC;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A program that runs as a process of its own: ours, or a peer that nobody here wrote. */
final class Program implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path output;
    private final Path errors;

    private Program(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** {@code fdpass}, in the JVM and with the modules or class path of these tests. */
    static Program fdpass(String... arguments) {
        List<String> command = fdpassCommand();
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** As {@link #fdpass}; {@link CtrlC#to} ends it, wherever these tests run. */
    static Program fdpassThatHearsCtrlC(String... arguments) {
        List<String> command = fdpassCommand();
        command.addAll(List.of(arguments));
        return start(CtrlC.heardBy(command));
    }

    /** A class of these tests with a main method, in the place of {@code fdpass}. */
    static Program javaOfTests(Class<?> main, String... arguments) {
        List<String> command = fdpassCommand();
        String last = command.removeLast();
        if (last.contains("/")) {
            command.removeLast(); // -m
            command.addAll(List.of("--patch-module", "dev.fdpass.cli=target/test-classes"));
            command.addAll(List.of("-m", "dev.fdpass.cli/" + main.getName()));
        } else {
            command.add(main.getName());
        }
        command.addAll(List.of(arguments));
        return start(command);
    }

    static List<String> fdpassCommand() {
        return fdpassCommand(path -> path);
    }

    /**
     * As {@link #fdpassCommand()}, with the classes in jars, as they are when it is installed: to load one then opens no file.
     *
     * @param directory where to put the jars
     */
    static List<String> fdpassCommandOfJars(Path directory) {
        return fdpassCommand(path -> {
            List<String> entries = new ArrayList<>();
            for (String entry : path.split(":", -1)) {
                entries.add(Files.isDirectory(Path.of(entry)) ? jar(entry, directory, entries.size()) : entry);
            }
            return String.join(":", entries);
        });
    }

    private static String jar(String classes, Path directory, int number) {
        String jar = directory.resolve(number + ".jar").toString();
        String tool = Path.of(System.getProperty("java.home"), "bin", "jar").toString();
        try {
            succeeds("'" + String.join("' '", tool, "--create", "--file", jar, "-C", classes, ".") + "'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return jar;
    }

    private static List<String> fdpassCommand(UnaryOperator<String> path) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath == null) {
            String classPath = path.apply(System.getProperty("java.class.path"));
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath));
            command.add(Main.class.getName());
        } else {
            command.addAll(List.of("--enable-native-access=dev.fdpass", "-p", path.apply(modulePath)));
            command.addAll(List.of("--add-modules", "dev.fdpass.varlink")); // as ./fdpass does for what needs it
            command.addAll(List.of("-m", "dev.fdpass.cli/" + Main.class.getName()));
        }
        return command;
    }

    /** A Python program, with {@code sys.argv[1]} and so on. */
    static Program python(String code, String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", "import os, socket, sys, time\n" + code));
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** A Python program of another user, 65534; only root can start one, and for others the test is skipped. */
    static Program pythonOfAnother(String code, String... arguments) {
        assumeTrue(SameUser.own() == 0, "only root can start a program of another user");
        return python("os.setgid(65534)\nos.setuid(65534)\n" + code, arguments);
    }

    /** A command of the shell. */
    static Program shell(String command) {
        return start(List.of("bash", "-c", command));
    }

    /** What starts {@code fdpass}, for {@link #shell}. */
    static String fdpassInShell() {
        return "'" + String.join("' '", fdpassCommand()) + "'";
    }

    /** Runs a command of the shell, which must end with status 0. */
    static void succeeds(String command) throws InterruptedException, IOException {
        try (Program program = shell(command)) {
            if (program.status() != 0) {
                throw new AssertionError(command + " ended with status " + program.status() + ": " + program.errors());
            }
        }
    }

    static Program start(List<String> command) {
        try {
            Path output = Files.createTempFile("fdpass-test-", ".out");
            Path errors = Files.createTempFile("fdpass-test-", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            return new Program(process, output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end. */
    int status() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + PATIENCE_SECONDS + " s; it said: " + output() + errors());
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    String output() {
        return text(output);
    }

    String errors() {
        return text(errors);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(output);
        Files.deleteIfExists(errors);
    }
}
