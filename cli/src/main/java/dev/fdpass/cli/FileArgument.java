package dev.fdpass.cli;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code FILE} of the command line: a path, or {@code fd:N} for a descriptor that this process inherited. */
public final class FileArgument {
    /** What a number that was inherited is written with. */
    public static final String INHERITED = "fd:";

    private FileArgument() {}

    /** Opens it to read, or duplicates what was inherited. */
    private static OwnedFd open(String file) throws IOException {
        return file.startsWith(INHERITED) ? inherited(file) : OwnedFd.open(Path.of(file));
    }

    /**
     * Opens several, in their order.
     *
     * @param files as for {@link #open}
     * @param opened gets them one by one; those that are there when one cannot be opened are the caller's to close too
     */
    public static void openAll(List<String> files, List<OwnedFd> opened) throws IOException {
        for (String file : files) {
            opened.add(open(file));
        }
    }

    /**
     * What is wrong with files for one message.
     *
     * @param files as they were written
     * @return what is wrong, or null
     */
    public static @Nullable String problem(List<String> files) {
        if (files.size() > ScmMessage.SCM_MAX_FDS) {
            return files.size() + " files; one message carries at most " + ScmMessage.SCM_MAX_FDS;
        }
        for (String file : files) {
            if (!isValid(file)) {
                return "FILE '" + file + "' is neither a path nor fd: and the number of a descriptor";
            }
        }
        return null;
    }

    /**
     * All of a file.
     *
     * @param file which
     * @return what it holds
     * @throws IOException if it cannot be read, which the message says as the kernel does
     */
    public static byte[] content(Path file) throws IOException {
        try (OwnedFd fd = OwnedFd.open(file)) {
            return Channels.newInputStream(fd).readAllBytes();
        }
    }

    /** Whether it is a path or {@code fd:N}. */
    static boolean isValid(String file) {
        return !file.isEmpty() && (!file.startsWith(INHERITED) || number(file) >= 0);
    }

    private static int number(String file) {
        try {
            return Integer.parseInt(file.substring(INHERITED.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static OwnedFd inherited(String file) throws IOException {
        int number = number(file);
        checkInherited(number);
        return OwnedFd.duplicateOf(number);
    }

    /**
     * Refuses what the shell did not give: it may be open, for the Java machine itself.
     *
     * @param number any number
     */
    public static void checkInherited(int number) throws IOException {
        if (!OwnedFd.isInherited(number)) {
            throw new IllegalArgumentException(
                    INHERITED + number + " was not inherited; open it in the shell, as in " + number + "<FILE");
        }
    }
}
