package dev.fdpass.bench.run.peers;

import dev.fdpass.bench.run.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** {@code floor.c}, compiled by gcc. */
final class CLibrary {
    private static final String SOURCE = "src/main/c/floor.c";

    private final SymbolLookup symbols;

    @SuppressWarnings("restricted")
    private CLibrary(Path library) {
        symbols = SymbolLookup.libraryLookup(library, Arena.global());
    }

    /** Compiles it and loads it. */
    static CLibrary load() throws IOException, UnavailableException {
        Path home = Path.of(System.getProperty("bench.home", "."));
        Path library = home.resolve("target/floor.so").toAbsolutePath();
        Files.createDirectories(library.getParent());
        Path fresh = Files.createTempFile(library.getParent(), "floor", ".so");
        try {
            compile(home.resolve(SOURCE), fresh);
            // In one step: another process may have the old one mapped.
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return new CLibrary(library);
    }

    private static void compile(Path source, Path library) throws IOException, UnavailableException {
        Process gcc;
        try {
            gcc = new ProcessBuilder(List.of(
                            "gcc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", library + "", source + ""))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UnavailableException("gcc is missing (Debian: apt-get install gcc libc6-dev)");
        }
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (gcc.waitFor() != 0) {
                throw new UnavailableException(
                        "gcc cannot compile " + source + ": " + said + " (Debian: apt-get install gcc libc6-dev)");
            }
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @SuppressWarnings("restricted")
    MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    }
}
