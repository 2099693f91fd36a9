package dev.fdpass.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output or standard error, whose errors are not swallowed as {@link System#out} does. */
public final class Output extends OutputStream {
    private final FileOutputStream file;

    private Output(FileDescriptor descriptor) {
        file = new FileOutputStream(descriptor);
    }

    /** {@return standard output} */
    public static Output standard() {
        return new Output(FileDescriptor.out);
    }

    /** {@return standard error} */
    public static Output error() {
        return new Output(FileDescriptor.err);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            // The JDK tells only the text of EPIPE.
            throw "Broken pipe".equals(e.getMessage())
                    ? new OutputClosedException(e)
                    : new IOException("standard output: " + e.getMessage(), e);
        }
    }
}
