package dev.fdpass.linux;

import org.jspecify.annotations.Nullable;

/** The file that {@code bind(2)} makes for a socket, with memory of its own, so that to remove it needs none. */
public final class SocketFile {
    private final Scratch scratch = Scratch.ofItsOwn();
    private final byte[] path;
    private @Nullable Statx bound;

    /** To be made before the file is. */
    public SocketFile(byte[] path) {
        this.path = path.clone();
    }

    /** Notes which file stands there now: 0, or the negated error number. */
    public long look() {
        Statx found = Statx.of(scratch, path);
        bound = found;
        return found.result();
    }

    /** Removes what stands there. */
    public void remove() {
        FileIo.unlink(scratch, path);
    }

    /** Removes it if it is the same as at the look: another process may have bound its own socket there since. */
    public void removeIfSame() {
        Statx before = bound;
        if (before != null && Statx.of(scratch, path).isSameFile(before)) {
            remove();
        }
    }
}
