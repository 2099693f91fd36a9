package dev.fdpass.limits;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.IOException;
import java.nio.file.Path;

/** A program that starts others while it may have ever more descriptors: none at first. */
final class SpawnsAtTheLimit {
    /** Eight for the program, among which are both ends of two pipes, one that is opened, and some for waiting. */
    private static final int ENOUGH = 14;

    private static final long PATIENCE_NANOS = 50_000_000_000L;

    private SpawnsAtTheLimit() {}

    public static void main(String... arguments) throws Exception {
        System.setProperty("dev.fdpass.parkingIdleMillis", "1");
        Facts.of(() -> {
            try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"))) {
                Spawn program = Spawn.of("true")
                        .fd(3, fd)
                        .fd(5, fd)
                        .stdinPipe()
                        .stdoutPipe()
                        .directory(Path.of("/"));
                Facts.say("at once: " + attempt(program));
                for (int free = 0; free <= ENOUGH; free++) {
                    String end;
                    try (Fillers fillers = new Fillers(free)) {
                        end = attempt(program);
                        if (fillers.countFree() < free) {
                            awaitFree(fillers, free);
                        }
                    }
                    if (free < 4 || free == ENOUGH) {
                        Facts.say(free + " free: " + end);
                    } else if (!end.equals("status 0") && !end.startsWith("refused")) {
                        throw new AssertionError(free + " free: " + end);
                    }
                }
            }
            Facts.say(ProcessHandle.current().children().count() + " children left behind");
        });
    }

    private static void awaitFree(Fillers fillers, int free) throws IOException {
        long begin = System.nanoTime();
        while (fillers.countFree() < free && System.nanoTime() - begin < PATIENCE_NANOS) {
            pause();
        }
        if (fillers.countFree() != free) {
            throw new AssertionError(fillers.countFree() + " free instead of " + free);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String attempt(Spawn program) throws IOException {
        try {
            SpawnedProcess process = program.start();
            process.getOutputStream().close();
            process.getInputStream().close();
            return "status " + process.waitFor();
        } catch (ErrnoException e) {
            return "refused, " + e.name();
        } catch (IOException e) {
            return "refused, " + e.getMessage().replaceAll("\\d+", "N");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
