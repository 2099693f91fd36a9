package dev.fdpass.cli;

import dev.fdpass.spawn.Spawn;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.NamedFd;
import java.io.IOException;
import java.util.List;

/** Becomes another program, which has descriptors as {@code sd_listen_fds(3)} finds them. */
public final class Becoming {
    private Becoming() {}

    /**
     * Executes it in this one's place.
     *
     * @param command the program and its arguments
     * @param fds what it has beside the standard input, output and error of this one; borrowed
     * @return never: this ends by an exception, or this program does
     * @throws IOException if it cannot be executed
     */
    public static int program(List<String> command, List<NamedFd> fds) throws IOException {
        ListenFds.give(Spawn.of(command).inheritIo(), fds).exec();
        throw new AssertionError("exec(2) returned");
    }
}
