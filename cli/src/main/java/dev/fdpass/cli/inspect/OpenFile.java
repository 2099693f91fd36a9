package dev.fdpass.cli.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.FdInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor of a process.
 *
 * @param info what it refers to
 * @param position bytes from the beginning
 * @param details what else {@code /proc} says of its kind, in its words: {@code eventfd-count} and the like
 * @param socket which socket it is, or null if it is none, or not of a family that {@code /proc} lists
 */
record OpenFile(
        FdInfo info,
        long position,
        Map<String, String> details,
        @Nullable SocketState socket) {

    static OpenFile of(long process, int number, SocketTables sockets) throws IOException {
        FdInfo info = FdInfo.ofProcess(process, number);
        Map<String, String> details = fdinfo(process, number);
        long position = Long.parseLong(details.getOrDefault("pos", "0"));
        // Told already, or of no use to anybody.
        details.keySet().removeAll(List.of("pos", "flags", "mnt_id", "ino"));
        SocketState socket = info.kind() == FdInfo.Kind.SOCKET ? sockets.find(info.inode()) : null;
        return new OpenFile(info, position, details, socket);
    }

    /** Its lines; those of one name, such as the many of an epoll instance, in one. */
    private static Map<String, String> fdinfo(long process, int number) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        byte[] text = Files.readAllBytes(Path.of("/proc/" + process + "/fdinfo/" + number));
        for (String line : new String(text, UTF_8).split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String value = line.substring(colon + 1).strip().replaceAll("\\s+", " ");
                lines.merge(line.substring(0, colon).strip(), value, (one, more) -> one + "; " + more);
            }
        }
        return lines;
    }

    /** What is special about it, in words; empty if nothing is. */
    String remark() {
        if (socket != null) {
            return socket.toString();
        }
        StringBuilder text = new StringBuilder();
        details.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value));
        return text.toString();
    }
}
