package dev.fdpass.examples.hotrestart.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How a server is started: in the JVM and with the class path of this program, and with an AOT cache (JEP 483, 514) from a
 * training run. Without it a successor loads and compiles for longer, on processors that its predecessor needs.
 */
public final class ServerCommand {
    private static final long PATIENCE_SECONDS = 120;

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final List<Path> classPath = Stream.of(
                    System.getProperty("java.class.path").split(":", -1))
            .map(Path::of)
            .toList();
    private final Variant variant;
    private final Path cache;

    /**
     * A command.
     *
     * @param variant what the server is made of
     * @param folder where the cache is kept
     */
    public ServerCommand(Variant variant, Path folder) {
        this.variant = variant;
        cache = folder.resolve("server-" + variant + ".aot");
    }

    /** {@return what starts the first server, on any free port} */
    public List<String> first() {
        List<String> command = java(Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of());
        command.addAll(List.of("--port", "0"));
        return command;
    }

    /**
     * Makes the cache if it is missing or older than what it is made of.
     *
     * @return whether there is one; not of class files in folders, of which the JVM makes none
     * @throws IOException if it cannot be made
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean makeCache() throws IOException, InterruptedException {
        if (!classPath.stream().allMatch(Files::isRegularFile)) {
            return false;
        }
        if (isFresh()) {
            return true;
        }
        // Under another name until it is known to be good: a JVM that is given a broken cache says nothing and starts
        // slowly.
        Path made = cache.resolveSibling(
                "server-" + variant + "-" + ProcessHandle.current().pid() + ".aot.new");
        try {
            train(made);
            Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
        return true;
    }

    private void train(Path made) throws IOException, InterruptedException {
        Path log = cache.resolveSibling("server-" + variant + "-training.log");
        List<String> command = java(List.of("-XX:AOTCacheOutput=" + made));
        command.add("--train");
        Process training = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!training.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the training run for the AOT cache does not end within " + PATIENCE_SECONDS
                        + " s, see " + log);
            }
        } finally {
            training.destroyForcibly().waitFor();
        }
        if (training.exitValue() != 0 || !Files.exists(made)) {
            throw new IOException("the training run ended with status " + training.exitValue()
                    + (Files.exists(made) ? "" : " and left no AOT cache") + ", see " + log);
        }
    }

    private boolean isFresh() throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        for (Path jar : classPath) {
            if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(cache)) > 0) {
                return false;
            }
        }
        Path release = Path.of(System.getProperty("java.home"), "release");
        return !Files.exists(release)
                || Files.getLastModifiedTime(release).compareTo(Files.getLastModifiedTime(cache)) <= 0;
    }

    private List<String> java(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        // A server that is to be there at once, beside another one on few processors: the quick compiler and the
        // collector with the fewest threads. Standard output belongs to the program.
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xms64m",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp", String.join(":", classPath.stream().map(Path::toString).toList())));
        command.addAll(List.of(ServerMain.class.getName(), variant.toString()));
        return command;
    }
}
