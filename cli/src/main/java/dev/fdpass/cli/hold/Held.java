package dev.fdpass.cli.hold;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.cli.Names;
import java.io.IOException;

/**
 * A descriptor that is held, as the list says it.
 *
 * @param name its name
 * @param kind what it is
 * @param access what may be done with it
 * @param path what {@code /proc} calls it
 */
record Held(String name, String kind, String access, String path) {
    private static final String SEPARATOR = "\t";

    static Held of(String name, OwnedFd fd) throws IOException {
        FdInfo info = fd.info();
        return new Held(name, info.kind().toString(), info.access().toString(), info.name());
    }

    /** As a line of text; a path's own line ends and the like become blanks. */
    String line() {
        return String.join(SEPARATOR, name, kind, access, path.replaceAll("\\p{Cntrl}", " ")) + "\n";
    }

    static Held parse(String line) throws IOException {
        String[] parts = line.split(SEPARATOR, 4);
        if (parts.length < 4) {
            throw new IOException("this is no line of a list: " + line);
        }
        try {
            return new Held(Names.check(parts[0]), parts[1], parts[2], parts[3]);
        } catch (IllegalArgumentException e) {
            throw new IOException("this is no line of a list: " + line, e);
        }
    }
}
