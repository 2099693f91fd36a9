package dev.fdpass.cli.hold;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells one open file that has two descriptors from two open files: by the file itself and by what {@code /proc} says of it
 * as it is open, its position among that. Of sockets that is certain, and of eventfds, which have a number there; of files
 * on disks only likely, as two that were opened alike and have not been moved look the same. What cannot be told, such as
 * timers, counts as another.
 */
final class OpenFiles {
    private final Map<List<Long>, List<OwnedFd>> known = new HashMap<>();

    /** Whether it is another than those before; it is borrowed. */
    boolean add(OwnedFd fd) throws IOException {
        FdInfo info = fd.info();
        List<OwnedFd> candidates =
                known.computeIfAbsent(List.of(info.device(), info.inode()), any -> new ArrayList<>());
        for (OwnedFd candidate : candidates) {
            if (isTold(info) && isOne(info, fd, candidate)) {
                return false;
            }
        }
        candidates.add(fd);
        return true;
    }

    private static boolean isTold(FdInfo info) {
        return switch (info.kind()) {
            case REGULAR, MEMFD, DIRECTORY, PIPE, SOCKET, EVENTFD, PIDFD -> true;
            default -> false;
        };
    }

    private static boolean isOne(FdInfo info, OwnedFd fd, OwnedFd other) throws IOException {
        return info.kind() == other.info().kind() && details(fd).equals(details(other));
    }

    /** {@code proc_pid_fdinfo(5)}: position, flags, and what is special to its kind. */
    private static String details(OwnedFd fd) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc/self/fdinfo/" + fd.number())), StandardCharsets.ISO_8859_1);
    }
}
