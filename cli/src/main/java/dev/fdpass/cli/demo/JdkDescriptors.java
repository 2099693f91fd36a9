package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the descriptor of a channel of the JDK, which does not tell it: by what {@code /proc/self/fd} has after opening
 * the channel and had not before. The channel keeps its own descriptor; what is passed is a duplicate.
 */
final class JdkDescriptors {
    private static final Path OWN = Path.of("/proc/self/fd");

    private final Map<Integer, Path> before = descriptors();

    /** Begins: the channel is opened next. */
    JdkDescriptors() throws IOException {}

    /** A duplicate of the only new descriptor of this kind. */
    OwnedFd duplicateOfNew(FdInfo.Kind kind, FdInfo.Access access) throws IOException {
        Map<Integer, Path> opened = descriptors();
        opened.entrySet().removeAll(before.entrySet());
        OwnedFd found = null;
        for (int number : opened.keySet()) {
            OwnedFd candidate = OwnedFd.duplicateOf(number);
            FdInfo info = candidate.info();
            if (info.kind() != kind || info.access() != access) {
                candidate.close();
            } else if (found == null) {
                found = candidate;
            } else {
                candidate.close();
                found.close();
                throw new IOException("more than one new " + kind + " in " + OWN);
            }
        }
        if (found == null) {
            throw new IOException("no new " + kind + " in " + OWN);
        }
        return found;
    }

    /** Numbers with what they refer to: a number that was free may be another file the next time. */
    private static Map<Integer, Path> descriptors() throws IOException {
        List<Path> links = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(OWN)) {
            all.forEach(links::add);
        }
        Map<Integer, Path> descriptors = new HashMap<>();
        for (Path link : links) {
            // That of the listing itself is closed by now.
            if (Files.isSymbolicLink(link)) {
                descriptors.put(Integer.valueOf(link.getFileName().toString()), Files.readSymbolicLink(link));
            }
        }
        return descriptors;
    }
}
