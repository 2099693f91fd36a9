package dev.fdpass.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Commands that start another JVM with the library and the tests, on the module path or on the class path. */
public final class JavaProgram {
    private static final String MODULE = "dev.fdpass";

    private JavaProgram() {}

    /** Runs a class with a main method in the module, to its end; with the options that a test gives and no others. */
    public static ChildProcess.Result runInModule(Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-p", library().toString(), "--patch-module", MODULE + "=" + home(main)));
        all.addAll(List.of("-m", MODULE + "/" + main.getName()));
        return run(all, arguments);
    }

    /** Runs a class with a main method on the class path, where nothing is a module. */
    public static ChildProcess.Result runOnClassPath(Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-cp", library() + ":" + home(main), main.getName()));
        return run(all, arguments);
    }

    private static ChildProcess.Result run(List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // It lives for a moment: what takes long to start and to optimise is not worth it.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        return ChildProcess.run(command);
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
