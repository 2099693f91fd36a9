package dev.fdpass.cli;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Copies what a received descriptor holds. The offset of a regular file is its sender's too, and is left alone. */
public final class Copy {
    private static final int CHUNK = 1 << 16;
    private static final long QUIET_NANOS = 2_000_000_000;

    private final String what;
    private long copied;
    private long tellAt = System.nanoTime() + QUIET_NANOS;

    private Copy(String what) {
        this.what = what;
    }

    /**
     * From the current offset of a regular file, or all that comes out of a pipe.
     *
     * @param info what it is
     * @param from what to read
     * @param to where to
     */
    public static void rest(FdInfo info, OwnedFd from, OutputStream to) throws IOException {
        boolean isPipe = info.kind() == FdInfo.Kind.PIPE;
        new Copy(info.name()).run(from, isPipe ? -1 : from.position(), to);
    }

    /** All of a regular file. */
    static void all(FdInfo info, OwnedFd from, OutputStream to) throws IOException {
        new Copy(info.name()).run(from, 0, to);
    }

    private void run(OwnedFd from, long position, OutputStream to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        while (true) {
            int count = position < 0 ? from.read(chunk) : from.read(chunk, position + copied);
            if (count < 0) {
                return;
            }
            to.write(chunk.array(), 0, count);
            chunk.clear();
            copied += count;
            tellProgress();
        }
    }

    private void tellProgress() {
        if (System.nanoTime() - tellAt >= 0 && Terminal.isWatched()) {
            Failures.tell((copied >> 20) + " MiB of " + what);
            tellAt = System.nanoTime() + QUIET_NANOS;
        }
    }
}
