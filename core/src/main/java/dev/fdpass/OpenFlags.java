package dev.fdpass;

import static dev.fdpass.linux.FileConstants.O_APPEND;
import static dev.fdpass.linux.FileConstants.O_CREAT;
import static dev.fdpass.linux.FileConstants.O_DSYNC;
import static dev.fdpass.linux.FileConstants.O_EXCL;
import static dev.fdpass.linux.FileConstants.O_RDONLY;
import static dev.fdpass.linux.FileConstants.O_RDWR;
import static dev.fdpass.linux.FileConstants.O_SYNC;
import static dev.fdpass.linux.FileConstants.O_TRUNC;
import static dev.fdpass.linux.FileConstants.O_WRONLY;

import dev.fdpass.linux.OpenFlag;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;

/** Translates {@link OpenOption}s to flags of {@code open(2)}, with the rules of {@code FileChannel.open}, but that
 * {@code READ} and {@code APPEND} do not exclude each other. */
final class OpenFlags {
    private boolean read;
    private boolean write;
    private boolean append;
    private boolean truncate;
    private boolean create;
    private boolean createNew;
    private boolean deleteOnClose;
    private int others;

    OpenFlags(OpenOption... options) {
        for (OpenOption option : options) {
            add(option);
        }
        if (append && truncate) {
            throw new IllegalArgumentException("APPEND and TRUNCATE_EXISTING exclude each other; give one of them");
        }
    }

    private void add(OpenOption option) {
        if (option == LinkOption.NOFOLLOW_LINKS) {
            others |= OpenFlag.O_NOFOLLOW.value();
        } else if (option instanceof StandardOpenOption standard) {
            switch (standard) {
                case READ -> read = true;
                case WRITE -> write = true;
                case APPEND -> append = true;
                case TRUNCATE_EXISTING -> truncate = true;
                case CREATE -> create = true;
                case CREATE_NEW -> createNew = true;
                case DELETE_ON_CLOSE -> deleteOnClose = true;
                case SYNC -> others |= O_SYNC;
                case DSYNC -> others |= O_DSYNC;
                case SPARSE -> {
                    // Linux needs no hint to make a file sparse.
                }
            }
        } else {
            throw new UnsupportedOperationException(
                    option + " is not supported; use StandardOpenOption and LinkOption.NOFOLLOW_LINKS");
        }
    }

    /** The flags for {@code open(2)}. */
    int bits() {
        boolean writes = write || append;
        int flags = others | (!writes ? O_RDONLY : read ? O_RDWR : O_WRONLY);
        if (append) {
            flags |= O_APPEND;
        }
        // As in FileChannel.open: these are ignored for a file that is only read.
        if (writes) {
            flags |= truncate ? O_TRUNC : 0;
            flags |= createNew ? O_CREAT | O_EXCL : create ? O_CREAT : 0;
        }
        // DELETE_ON_CLOSE must not follow a link: what is deleted is the name that was opened.
        return deleteOnClose ? flags | OpenFlag.O_NOFOLLOW.value() : flags;
    }

    boolean isDeleteOnClose() {
        return deleteOnClose;
    }
}
