package dev.fdpass.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that start another JVM with the library and the tests, on the module path or on the class path. */
public final class JavaProgram {
    private JavaProgram() {}

    /** Runs a class with a main method in its module, to its end; with the options that a test gives and no others. */
    public static ChildProcess.Result runInModule(Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return ChildProcess.run(inModule(main, options, arguments));
    }

    /** Runs a class with a main method on the class path, where nothing is a module. */
    public static ChildProcess.Result runOnClassPath(Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return ChildProcess.run(onClassPath(main, options, arguments));
    }

    /** What starts a class of the tests of a module in that module. */
    public static List<String> inModule(Class<?> main, List<String> options, String... arguments) {
        String module = main.getModule().getName();
        List<String> command = java(options);
        command.addAll(List.of("-p", modulePath(), "--patch-module", module + "=" + home(main)));
        command.addAll(List.of("-m", module + "/" + main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What starts a class of the tests of the library on the class path, where it may call native code. */
    public static List<String> onClassPath(Class<?> main, String... arguments) {
        return onClassPath(main, List.of("--enable-native-access=ALL-UNNAMED"), arguments);
    }

    private static List<String> onClassPath(Class<?> main, List<String> options, String... arguments) {
        List<String> command = java(options);
        command.addAll(List.of("-cp", library() + ":" + home(main), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> java(List<String> options) {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        // It lives for a moment: what takes long to start and to optimise is not worth it.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(options);
        return command;
    }

    /** A program of the JDK that runs the tests. */
    public static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** The modules that the tests run with, and what they need. */
    public static String modulePath() {
        return Objects.requireNonNull(System.getProperty("jdk.module.path"), "these tests are in no module");
    }

    /** A class path with everything that some classes came from, in their order. */
    public static String classPathOf(Class<?>... types) {
        return Stream.of(types).map(type -> home(type).toString()).distinct().collect(Collectors.joining(":"));
    }

    /** The directory or jar that the library is in. */
    public static Path library() {
        // By name: the test's own version of a class would say where the tests are.
        return home(JavaProgram.class, "/dev/fdpass/OwnedFd.class");
    }

    /** The directory or jar that a class came from. */
    public static Path home(Class<?> type) {
        return home(type, "/" + type.getName().replace('.', '/') + ".class");
    }

    /** Where a class has a resource; its code source says so only outside a patched module. */
    private static Path home(Class<?> type, String resource) {
        URL url = Objects.requireNonNull(type.getResource(resource), resource);
        String text = url.toString();
        String root = text.substring(0, text.length() - resource.length());
        return Path.of(URI.create(
                root.startsWith("jar:") ? root.substring("jar:".length(), root.length() - "!".length()) : root));
    }
}
