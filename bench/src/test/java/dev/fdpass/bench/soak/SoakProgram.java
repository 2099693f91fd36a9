package dev.fdpass.bench.soak;

import dev.fdpass.signals.CtrlC;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code bench/soak} as it starts the JVM, but for the classes of the build. */
final class SoakProgram implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 240;

    private final Process process;

    private SoakProgram(Process process) {
        this.process = process;
    }

    /** Starts it; what it writes goes to the two files. */
    static SoakProgram start(Path output, Path errors, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of(System.getProperty("basedir", ""), "soak.options"),
                // The other compiler needs longer than a test takes, and memory.
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SoakCommand.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(CtrlC.heardBy(command))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        return new SoakProgram(builder.start());
    }

    /** As Ctrl-C does, to the process alone. */
    void interrupt() throws IOException, InterruptedException {
        CtrlC.to(process.pid());
    }

    /** Waits for its end, and returns its status. */
    int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
