package dev.fdpass.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;

/**
 * A class that Jazzer can drive: it is named {@code …Fuzz}, which is all that it takes to be run, has a method
 * {@code public static void fuzzerTestOneInput(byte[])}, and its seeds are the resources in {@code …FuzzInputs} beside it
 * ({@link SeedsOf} another).
 */
record FuzzTarget(Class<?> type) {
    private static final String SUFFIX = "Fuzz";
    private static final String CLASS = ".class";

    /** All there are, by name. */
    static List<FuzzTarget> all() throws IOException {
        Path root = path(FuzzTarget.class.getProtectionDomain().getCodeSource().getLocation());
        try (Stream<Path> files = Files.walk(root)) {
            List<FuzzTarget> targets = files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(SUFFIX + CLASS))
                    .map(file ->
                            file.substring(0, file.length() - CLASS.length()).replace('/', '.'))
                    .sorted()
                    .map(FuzzTarget::named)
                    .toList();
            assertThat(targets).as("fuzz targets in " + root).isNotEmpty();
            return targets;
        }
    }

    private static FuzzTarget named(String name) {
        try {
            return new FuzzTarget(Class.forName(name));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    String name() {
        return type.getSimpleName();
    }

    /** What it shows, in words. */
    String fact() {
        return type.getAnnotation(DisplayName.class).value();
    }

    Path seedDirectory() {
        SeedsOf other = type.getAnnotation(SeedsOf.class);
        Class<?> owner = other == null ? type : other.value();
        URL directory = owner.getResource(owner.getSimpleName() + "Inputs");
        if (directory == null) {
            throw new IllegalStateException(name() + " has no seeds: put some into src/test/resources/"
                    + owner.getName().replace('.', '/') + "Inputs");
        }
        return path(directory);
    }

    List<Path> seeds() throws IOException {
        try (Stream<Path> files = Files.list(seedDirectory())) {
            List<Path> seeds = files.sorted().toList();
            assertThat(seeds).as("seeds of " + name()).isNotEmpty();
            return seeds;
        }
    }

    /** Runs it once, as the fuzzer would. */
    void run(byte[] input) throws Throwable {
        try {
            type.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Path path(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
