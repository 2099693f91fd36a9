package dev.fdpass;

import dev.fdpass.linux.Errno;
import java.io.IOException;

/**
 * A system call failed, and no standard exception says it better. Where one does ({@link java.net.ConnectException},
 * {@link java.nio.file.NoSuchFileException}, …) it is thrown instead and carries this as its cause.
 *
 * <p>Man page: {@code errno(3)}.
 */
public sealed class ErrnoException extends IOException permits TooManyReferencesException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    private final String call;

    /** The error number, positive. */
    private final int errno;

    /**
     * An exception for a failed call.
     *
     * @param call what failed, for people: the system call, and its object where that helps ({@code "open /etc/x"})
     * @param errno the error number, positive
     */
    public ErrnoException(String call, int errno) {
        super(call + ": " + name(errno) + text(errno));
        this.call = call;
        this.errno = errno;
    }

    /** An exception that says what the error means here. */
    ErrnoException(String call, int errno, String meaning) {
        super(call + ": " + name(errno) + text(errno) + ": " + meaning);
        this.call = call;
        this.errno = errno;
    }

    /**
     * The error number.
     *
     * @return a positive number of {@code errno(3)}
     */
    public int errno() {
        return errno;
    }

    /**
     * The symbolic name of the error.
     *
     * @return for example {@code "EMFILE"}; {@code "E"} and the number for one this library does not know
     */
    public String name() {
        return name(errno);
    }

    /**
     * What failed.
     *
     * @return the system call, and its object where that helps
     */
    public String call() {
        return call;
    }

    private static String name(int errno) {
        Errno known = Errno.of(errno);
        return known == null ? "E" + errno : known.name();
    }

    private static String text(int errno) {
        Errno known = Errno.of(errno);
        return known == null ? "" : " (" + known.text() + ")";
    }
}
