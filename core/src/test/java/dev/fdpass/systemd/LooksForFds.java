package dev.fdpass.systemd;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.OpenFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks twice for what its environment announces, says what it found or why not, and what became of descriptor 3. */
public final class LooksForFds {
    private LooksForFds() {}

    public static void main(String... arguments) throws Exception {
        if (arguments.length > 0) {
            System.out.println("has " + OwnedFd.adopt(3).number() + " already");
        }
        int before = OpenFiles.flags(3);
        for (int i = 0; i < 2; i++) {
            try (ListenFds fds = ListenFds.fromEnvironment()) {
                System.out.println("found " + fds);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
        boolean isOpen = Files.exists(Path.of("/proc/self/fd/3"));
        System.out.println(!isOpen ? "closed" : OpenFiles.flags(3) == before ? "unchanged" : "changed");
    }
}
