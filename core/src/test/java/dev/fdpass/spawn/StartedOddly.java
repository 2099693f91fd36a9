package dev.fdpass.spawn;

import dev.fdpass.OwnedFd;
import java.nio.file.Path;
import java.util.List;

/** What a JVM passes on that was itself started in an unusual way. */
final class StartedOddly {
    private StartedOddly() {}

    public static void main(String... arguments) throws Exception {
        Spawn program =
                Spawn.of(List.of(arguments).subList(1, arguments.length)).inheritIo();
        if (arguments[0].equals("exec")) {
            try (OwnedFd fd = OwnedFd.open(Path.of("/dev/zero"))) {
                program.fd(3, fd).exec();
            }
        }
        System.exit(program.start().waitFor());
    }
}
