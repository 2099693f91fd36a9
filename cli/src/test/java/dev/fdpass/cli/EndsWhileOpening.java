package dev.fdpass.cli;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that is told to end just when it has made a file that it would remove. */
final class EndsWhileOpening {
    /** So long that a machine which did not wait would have halted. */
    private static final long MILLIS = 1000;

    private EndsWhileOpening() {}

    /** With the file's path. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Closeable unused = Ending.opens(() -> {
            Files.createFile(file);
            try {
                new ProcessBuilder("kill", Long.toString(ProcessHandle.current().pid()))
                        .start()
                        .waitFor();
                while (!Ending.hasBegun()) {
                    Thread.sleep(1);
                }
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return () -> Files.delete(file);
        });
    }
}
