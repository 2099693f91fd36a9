package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import java.io.IOException;
import java.util.Set;

/**
 * What the peer says about a descriptor that arrived.
 *
 * @param info what the kernel told the peer about it
 * @param seen what the peer saw when it used it; or why it could not
 */
record Report(FdInfo info, String seen) {
    private static final String SEPARATOR = "\n";

    String encode() {
        return String.join(
                SEPARATOR,
                Integer.toString(info.number()),
                info.kind().name(),
                info.access().name(),
                Long.toString(info.size()),
                Long.toString(info.device()),
                Long.toString(info.inode()),
                info.name().replace(SEPARATOR, "?"),
                seen);
    }

    static Report decode(String text) throws IOException {
        String[] parts = text.split(SEPARATOR, 8);
        if (parts.length < 8) {
            throw new IOException("the other process reports: " + text);
        }
        FdInfo info = new FdInfo(
                Integer.parseInt(parts[0]),
                FdInfo.Kind.valueOf(parts[1]),
                FdInfo.Access.valueOf(parts[2]),
                Set.of(), // neither these are told, nor whether it is close-on-exec: it is
                true,
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                parts[6]);
        return new Report(info, parts[7]);
    }
}
