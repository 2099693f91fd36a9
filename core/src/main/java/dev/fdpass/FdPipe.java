package dev.fdpass;

import dev.fdpass.linux.Descriptors;
import java.io.Closeable;
import java.io.IOException;

/**
 * A pipe: what is written to one end is read from the other, {@code pipe(7)}. Its ends are {@link OwnedFd}s, to be sent or
 * given to another program; with {@link java.nio.channels.Pipe} that is not possible.
 *
 * @param readEnd the end to read from; at the end of the stream once every descriptor for the other is closed
 * @param writeEnd the end to write to
 */
public record FdPipe(OwnedFd readEnd, OwnedFd writeEnd) implements Closeable {
    /**
     * A new pipe.
     *
     * @return both ends, close-on-exec
     * @throws ErrnoException if no more descriptors can be had ({@code EMFILE})
     */
    public static FdPipe open() throws IOException {
        int[] ends = new int[2];
        Errors.check("pipe2", Descriptors.pipe(ends));
        OwnedFd readEnd;
        try {
            readEnd = OwnedFd.ofNew(ends[0], "opened as", "pipe");
        } catch (Throwable t) {
            Descriptors.close(ends[1]);
            throw t;
        }
        OwnedFd writeEnd;
        try {
            writeEnd = OwnedFd.ofNew(ends[1], "opened as", "pipe");
        } catch (Throwable t) {
            readEnd.closeBecauseOf(t);
            throw t;
        }
        return new FdPipe(readEnd, writeEnd);
    }

    /** Closes both ends. */
    @Override
    public void close() throws IOException {
        try (writeEnd) {
            readEnd.close();
        }
    }
}
