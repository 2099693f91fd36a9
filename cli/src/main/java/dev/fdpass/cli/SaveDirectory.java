package dev.fdpass.cli;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where received files are saved. Nothing there is overwritten, and nothing is written elsewhere. */
final class SaveDirectory {
    private static final String DELETED = " (deleted)";

    private final Path directory;

    SaveDirectory(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    /**
     * Saves all of a regular file under the last part of its name, numbered if that is taken.
     *
     * @return where to
     */
    Path save(FdInfo info, OwnedFd file) throws IOException {
        String name = name(info.name());
        for (int i = 1; ; i++) {
            Path path = directory.resolve(i == 1 ? name : name + "." + i);
            // CREATE_NEW refuses links too, so that nothing can lead out of the directory.
            try (OwnedFd to = OwnedFd.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                Copy.all(info, file, Channels.newOutputStream(to));
                return path;
            } catch (FileAlreadyExistsException e) {
                // The next number, then.
            }
        }
    }

    /** The last part of a name that the peer may have chosen: never empty, no directory. */
    static String name(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.endsWith(DELETED)) {
            name = name.substring(0, name.length() - DELETED.length());
        }
        if (path.startsWith("/memfd:")) {
            name = name.substring(name.indexOf(':') + 1);
        }
        return name.isBlank() || name.equals(".") || name.equals("..") ? "file" : name;
    }
}
