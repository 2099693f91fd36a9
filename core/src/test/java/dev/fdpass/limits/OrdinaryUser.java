package dev.fdpass.limits;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Runs a program of the tests as a user whom limits bind, with a low limit of open files. Root is exempt from one of them,
 * and so becomes somebody else for it; anybody else is that user already.
 */
final class OrdinaryUser {
    /** Open files that the program may have: the JVM needs a dozen. */
    static final int LIMIT = 64;

    /**
     * Nobody's number, nor that of these tests in another process, since the kernel counts what a user has on its way in all
     * processes together.
     */
    private static final long USER = 20_000 + ProcessHandle.current().pid() % 40_000;

    private OrdinaryUser() {}

    /**
     * Runs a class with a main method to its end.
     *
     * @param directory where to put an archive of all classes: that user may not read those of the build, and one that is
     *     loaded from a directory needs a descriptor, when none may be left
     * @return its output
     */
    static String run(Path directory, Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tool.PRLIMIT.command(), "--nofile=" + LIMIT + ":" + LIMIT));
        if (isRoot()) {
            command.addAll(List.of(Tool.SETPRIV.command(), "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        command.addAll(List.of(
                JavaProgram.tool("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                // Or the JVM reads its limits again now and then, and has a file open for a moment.
                "-XX:-UseContainerSupport",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                archive(directory, JavaProgram.library(), JavaProgram.home(main))
                        .toString(),
                main.getName()));
        command.addAll(List.of(arguments));
        return ChildProcess.run(command).outputOfSuccess();
    }

    private static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    private static Path archive(Path directory, Path... homes) throws IOException {
        Path archive = directory.resolve("program.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(archive))) {
            for (Path home : homes) {
                try (Stream<Path> files = Files.walk(home)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        out.putNextEntry(new JarEntry(home.relativize(file).toString()));
                        Files.copy(file, out);
                        out.closeEntry();
                    }
                }
            }
        }
        return archive;
    }
}
