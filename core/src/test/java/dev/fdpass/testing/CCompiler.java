package dev.fdpass.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A C compiler of the machine. Tests that need one which is missing are skipped and say which package has it. */
public record CCompiler(String name, String debianPackage) {
    /** For the machine that the tests run on. */
    public static final CCompiler NATIVE = new CCompiler("gcc", "gcc");

    /** What the compiler says to {@code source}, without making a program. */
    public ChildProcess.Result check(Path source) throws IOException, InterruptedException {
        assumeInstalled();
        return ChildProcess.run(List.of(name, "-std=gnu11", "-Wall", "-fsyntax-only", source.toString()));
    }

    /** Makes a program of {@code source} in {@code directory}. */
    public Path build(Path source, Path directory) throws IOException, InterruptedException {
        assumeInstalled();
        String fileName = source.getFileName().toString();
        Path program = directory.resolve(fileName.substring(0, fileName.length() - ".c".length()));
        ChildProcess.run(List.of(
                        name, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source.toString()))
                .outputOfSuccess();
        return program;
    }

    /** Skips the test where this compiler is missing. */
    public void assumeInstalled() {
        Tool.assumeInstalled(name, debianPackage);
    }
}
